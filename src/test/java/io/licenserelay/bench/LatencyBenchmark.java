package io.licenserelay.bench;

import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** (i) The time from the commit of an event to its arrival at a consumer, without other events. The floor is the plain producer. */
final class LatencyBenchmark {
    private final Path folder;
    private final int rounds;
    private final Report report;

    LatencyBenchmark(Path folder, int rounds, Report report) {
        this.folder = folder;
        this.rounds = rounds;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(i) from the commit of an event to a consumer, without other events");
        Figures plain = new Figures();
        Figures relay = new Figures();
        Figures percentile95 = new Figures();
        for (int round = 0; round < rounds; round++) {
            Path workDir = Files.createTempDirectory(folder, "latency");
            try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
                Map<String, Double> latencies = measure(workDir, kafka);
                plain.add(latencies.getOrDefault("plain", Double.NaN));
                relay.add(latencies.getOrDefault("relay", Double.NaN));
                percentile95.add(latencies.getOrDefault("relay-95", Double.NaN));
            }
            Benchmarks.delete(workDir);
        }
        report.figure("plain producer, median", plain, "ms");
        report.figure("relay, median", relay, "ms");
        report.figure("relay, 95th percentile", percentile95, "ms");
        report.atMost("relay - plain producer, ms", relay.median() - plain.median(), 15);
    }

    private static Map<String, Double> measure(Path workDir, EmbeddedKafka kafka) throws Exception {
        TempRelay fixture = TempRelay.in(workDir)
                .brokers(kafka.brokers())
                .ssm("url", "https://127.0.0.1:9")
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1");
        new TopicSetup(fixture.configuration().settings()).ensure();
        return ChildJvm.run(
                Map.of("SSM_CLIENT_SECRET", "relay-secret-1"),
                Benchmarks.RELAY_OPTIONS,
                RelayLatency.class,
                fixture.writeConfiguration().toString(),
                workDir.resolve("relay").toString(),
                "200");
    }
}
