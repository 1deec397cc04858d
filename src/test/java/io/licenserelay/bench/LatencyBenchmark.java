package io.licenserelay.bench;

import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** (i) From the commit of an event to its arrival at a consumer while nothing else waits, against the plain producer. */
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
        report.title("(i) from an event's commit to a consumer, nothing else waiting");
        Figures plain = new Figures();
        Figures relay = new Figures();
        Figures worst = new Figures();
        for (int round = 0; round < rounds; round++) {
            Path place = Files.createTempDirectory(folder, "latency");
            try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
                Map<String, Double> said = measured(place, kafka);
                plain.add(said.getOrDefault("plain", Double.NaN));
                relay.add(said.getOrDefault("relay", Double.NaN));
                worst.add(said.getOrDefault("relay-95", Double.NaN));
            }
            Benchmarks.delete(place);
        }
        report.figure("plain producer, median", plain, "ms");
        report.figure("relay, median", relay, "ms");
        report.figure("relay, 95 of 100 within", worst, "ms");
        report.atMost("relay - plain producer, ms", relay.median() - plain.median(), 15);
    }

    private static Map<String, Double> measured(Path place, EmbeddedKafka kafka) throws Exception {
        TempRelay fixture = TempRelay.in(place)
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
                place.resolve("relay").toString(),
                "200");
    }
}
