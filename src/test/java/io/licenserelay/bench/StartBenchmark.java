package io.licenserelay.bench;

import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** (d) Measures the time from the start of the process until it is ready: the launcher's {@code run}, without and with a class archive. */
final class StartBenchmark {
    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();
    private static final String READY = "ready: ";

    private final Path folder;
    private final int rounds;
    private final Report report;

    StartBenchmark(Path folder, int rounds, Report report) {
        this.folder = folder;
        this.rounds = rounds;
        this.report = report;
    }

    void run() throws Exception {
        if (!Files.isExecutable(DIST.resolve("license-relay"))) {
            throw new IllegalStateException(DIST + " is missing: mvn -DskipTests package creates it");
        }
        report.title("(d) from start to ready");
        Figures floor = new Figures();
        Figures withoutArchive = new Figures();
        Figures withArchive = new Figures();
        Path workDir = Files.createTempDirectory(folder, "start");
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            List<String> relay = relay(workDir, kafka);
            Path cache = Files.createDirectories(workDir.resolve("cache"));
            Map<String, String> archiveEnvironment = Map.of("XDG_CACHE_HOME", cache.toString());
            report.figure(
                    "first start, which creates the class archive",
                    String.format(Locale.ROOT, "%.2f", secondsToReady(relay, archiveEnvironment)),
                    "s");
            for (int round = 0; round < rounds; round++) {
                floor.add(secondsToReady(emptyCamel(), Map.of()));
                withoutArchive.add(secondsToReady(relay, Map.of("RELAY_CDS", "off")));
                withArchive.add(secondsToReady(relay, archiveEnvironment));
            }
        }
        report.figure("empty Camel with one Quartz route", floor, "s");
        report.figure("relay without class archive", withoutArchive, "s");
        report.figure("relay with class archive", withArchive, "s");
        report.atMost("relay / empty Camel", withoutArchive.median() / floor.median(), 3);
        report.atMost("relay with class archive / empty Camel", withArchive.median() / floor.median(), 1.5);
    }

    private static List<String> relay(Path workDir, EmbeddedKafka kafka) throws Exception {
        TempRelay fixture = TempRelay.in(workDir)
                .brokers(kafka.brokers())
                .ssm("url", "https://127.0.0.1:9")
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1");
        new TopicSetup(fixture.configuration().settings()).ensure();
        return List.of(
                DIST.resolve("license-relay").toString(),
                "run",
                "--config",
                fixture.writeConfiguration().toString(),
                "--data",
                workDir.resolve("data").toString(),
                "--routes",
                DIST.resolve("routes").toString());
    }

    /** Uses the jars of the relay, because a shorter class path would make it faster. */
    private static List<String> emptyCamel() throws IOException {
        List<String> classPath = new ArrayList<>();
        try (Stream<Path> jars = Files.list(DIST.resolve("lib"))) {
            jars.map(Path::toString).sorted().forEach(classPath::add);
        }
        classPath.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        List<String> command = new ArrayList<>(List.of(ChildJvm.JAVA));
        command.addAll(Benchmarks.RELAY_OPTIONS);
        command.addAll(List.of("-cp", String.join(":", classPath), EmptyCamel.class.getName()));
        return command;
    }

    private static double secondsToReady(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("SSM_CLIENT_SECRET", "relay-secret-1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long start = System.nanoTime();
        Process process = builder.start();
        double seconds = -1;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (seconds < 0 && line.contains(READY)) {
                    seconds = ChildJvm.secondsSince(start);
                    // Process.destroy() would close the stream that is still read, so the handle is used.
                    process.toHandle().destroy();
                }
            }
        }
        int exitCode = process.waitFor();
        if (seconds < 0) {
            throw new IOException(command.get(0) + " did not become ready and ended with " + exitCode);
        }
        return seconds;
    }
}
