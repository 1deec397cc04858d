package io.licenserelay.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures the relay against floors that do the least that must be done, each pair in the same run, and prints the ratios
 * with their targets. {@code mvn -Pbench -DskipTests package} runs all of them, half an hour on two cores; of the options
 * {@code -Dbench.only=bd} chooses by letter, {@code -Dbench.rounds=5} makes more rounds than 3, and
 * {@code -Dbench.licenses=100000} a smaller estate than 1,000,000. The soak of half an hour runs only when it is asked for
 * ({@code -Dbench.only=k}, with {@code -Dbench.minutes=10} for less).
 */
public final class Benchmarks {
    /** The JVM options of the launcher that matter here. */
    static final List<String> RELAY_OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC", "-Xmn48m");

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.getInteger("bench.rounds", 3);
        int licenses = Integer.getInteger("bench.licenses", 1_000_000);
        String which = System.getProperty("bench.only", "abcdefghijl");
        Report report = new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        Path folder = Files.createTempDirectory("license-relay-bench");
        try {
            if (which.contains("a")) {
                new PullBenchmark(folder, licenses, rounds, report).run();
            }
            if (which.contains("b")) {
                new LinkBenchmark(folder, Integer.getInteger("bench.virtualAccounts", 1_000), report).run();
            }
            if (which.contains("c")) {
                new DrainBenchmark(folder, Integer.getInteger("bench.events", 100_000), rounds, report).run();
            }
            if (which.contains("d")) {
                new StartBenchmark(folder, rounds, report).run();
            }
            if (which.contains("e")) {
                new ProbesBenchmark(folder, rounds, report).run();
            }
            if (which.contains("f")) {
                new LogBenchmark(folder, rounds, Integer.getInteger("bench.logGigabytes", 10), report).run();
            }
            if (which.contains("g")) {
                new KillBenchmark(folder, Integer.getInteger("bench.kills", 200), report).run();
            }
            if (which.contains("h")) {
                new ReportsBenchmark(folder, Integer.getInteger("bench.reports", 10_000), rounds, report).run();
            }
            if (which.contains("i")) {
                new LatencyBenchmark(folder, rounds, report).run();
            }
            if (which.contains("j")) {
                new SitesBenchmark(folder, Integer.getInteger("bench.sites", 500), report).run();
            }
            if (which.contains("l")) {
                new StagingBenchmark(folder, licenses, rounds, report).run();
            }
            if (which.contains("k")) {
                Duration lasting = Duration.ofMinutes(Integer.getInteger("bench.minutes", 30));
                new SoakBenchmark(folder, Integer.getInteger("bench.sites", 199), lasting, report).run();
            }
        } finally {
            delete(folder);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
