package io.licenserelay.bench;

import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** (c) Many events out of the outbox to a real broker, against the plain Kafka producer with the same bytes. */
final class DrainBenchmark {
    private static final Map<String, String> SECRETS = Map.of("SSM_CLIENT_SECRET", "relay-secret-1");

    private final Path folder;
    private final int events;
    private final int rounds;
    private final Report report;

    DrainBenchmark(Path folder, int events, int rounds, Report report) {
        this.folder = folder;
        this.events = events;
        this.rounds = rounds;
        this.report = report;
    }

    void run() throws Exception {
        report.title("(c) draining " + events + " events");
        Figures plain = new Figures();
        Figures relay = new Figures();
        for (int round = 0; round < rounds; round++) {
            round(plain, relay);
        }
        report.figure("plain producer", plain, "s");
        report.figure("relay", relay, "s");
        report.atLeast("plain producer / relay", plain.median() / relay.median(), 0.35);
    }

    private void round(Figures plain, Figures relay) throws Exception {
        Path place = Files.createTempDirectory(folder, "drain");
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            TempRelay fixture = TempRelay.in(place)
                    .brokers(kafka.brokers())
                    .ssm("url", "https://127.0.0.1:9")
                    .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                    .environment("SSM_CLIENT_SECRET", "relay-secret-1");
            new TopicSetup(fixture.configuration().settings()).ensure();
            String config = fixture.writeConfiguration().toString();
            String count = Integer.toString(events);
            // The floor holds every record in memory before it begins.
            plain.add(drained(List.of("-Xmx1g"), PlainDrain.class, config, count));
            relay.add(drained(
                    Benchmarks.RELAY_OPTIONS,
                    RelayDrain.class,
                    config,
                    place.resolve("relay").toString(),
                    count));
        }
        Benchmarks.delete(place);
    }

    private static double drained(List<String> options, Class<?> main, String... arguments) throws Exception {
        Double seconds = ChildJvm.run(SECRETS, options, main, arguments).get("drained");
        if (seconds == null) {
            throw new IllegalStateException(main.getSimpleName() + " said no figure");
        }
        return seconds;
    }
}
