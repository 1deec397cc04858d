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
 * Compares the relay with floors, which do only the necessary work. Measures both in the same run, and prints the
 * ratios with their targets. {@code mvn -Pbench -DskipTests package} runs all benchmarks, in half an hour on two cores.
 * Options: {@code -Dbench.only=bd} selects benchmarks by letter, {@code -Dbench.rounds=5} sets the number of rounds
 * (default 3), and {@code -Dbench.licenses=100000} the number of licenses (default 1,000,000). The soak runs only with
 * {@code -Dbench.only=k}; it takes half an hour, or the time of {@code -Dbench.minutes=10}. The chaos of a cluster runs only with
 * {@code -Dbench.only=m}; {@code -Dbench.faults=20} sets the number of faults (default 200). The throughput of a cluster runs only with
 * {@code -Dbench.only=n}, in a quarter of an hour.
 */
public final class Benchmarks {
    /** The JVM options of the launcher that affect the measurements. */
    static final List<String> RELAY_OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC", "-Xmn48m");

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.getInteger("bench.rounds", 3);
        int licenses = Integer.getInteger("bench.licenses", 1_000_000);
        String selected = System.getProperty("bench.only", "abcdefghijl");
        Report report = new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        Path folder = Files.createTempDirectory("license-relay-bench");
        try {
            if (selected.contains("a")) {
                new PullBenchmark(folder, licenses, rounds, report).run();
            }
            if (selected.contains("b")) {
                new LinkBenchmark(folder, Integer.getInteger("bench.virtualAccounts", 1_000), report).run();
            }
            if (selected.contains("c")) {
                new DrainBenchmark(folder, Integer.getInteger("bench.events", 100_000), rounds, report).run();
            }
            if (selected.contains("d")) {
                new StartBenchmark(folder, rounds, report).run();
            }
            if (selected.contains("e")) {
                new ProbesBenchmark(folder, rounds, report).run();
            }
            if (selected.contains("f")) {
                new LogBenchmark(folder, rounds, Integer.getInteger("bench.logGigabytes", 10), report).run();
            }
            if (selected.contains("g")) {
                new KillBenchmark(folder, Integer.getInteger("bench.kills", 200), report).run();
            }
            if (selected.contains("h")) {
                new ReportsBenchmark(folder, Integer.getInteger("bench.reports", 10_000), rounds, report).run();
            }
            if (selected.contains("i")) {
                new LatencyBenchmark(folder, rounds, report).run();
            }
            if (selected.contains("j")) {
                new SitesBenchmark(folder, Integer.getInteger("bench.sites", 500), report).run();
            }
            if (selected.contains("l")) {
                new StagingBenchmark(folder, licenses, rounds, report).run();
            }
            if (selected.contains("k")) {
                Duration duration = Duration.ofMinutes(Integer.getInteger("bench.minutes", 30));
                new SoakBenchmark(folder, Integer.getInteger("bench.sites", 199), duration, report).run();
            }
            if (selected.contains("m")) {
                ChaosBenchmark chaos = new ChaosBenchmark(folder, Integer.getInteger("bench.faults", 200), report);
                chaos.run();
                chaos.withoutTheFence();
            }
            if (selected.contains("n")) {
                new ClusterBenchmark(folder, Duration.ofSeconds(Integer.getInteger("bench.seconds", 60)), report).run();
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
