package io.licenserelay.bench;

import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * (c) Publishes many events from the outbox to a real broker: as the only relay of a SQLite database, and in transactions as a relay
 * that shares a PostgreSQL database. The floor is the plain Kafka producer with the same bytes.
 */
final class DrainBenchmark {
    private static final Map<String, String> SECRETS =
            Map.of("SSM_CLIENT_SECRET", "relay-secret-1", "STORE_PASSWORD", "postgres");

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
        Figures fenced = new Figures();
        for (int round = 0; round < rounds; round++) {
            measure(plain, relay, fenced);
        }
        report.figure("plain producer", plain, "s");
        report.figure("relay", relay, "s");
        report.figure("relay of a cluster, in transactions", fenced, "s");
        report.atLeast("plain producer / relay", plain.median() / relay.median(), 0.35);
    }

    private void measure(Figures plain, Figures relay, Figures fenced) throws Exception {
        Path workDir = Files.createTempDirectory(folder, "drain");
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            String config = config(TempRelay.in(Files.createDirectory(workDir.resolve("alone"))), kafka);
            String count = Integer.toString(events);
            // The floor loads all records into memory before it starts.
            plain.add(secondsToDrain(List.of("-Xmx1g"), PlainDrain.class, config, count));
            relay.add(relay(config, workDir.resolve("relay")));
            fenced.add(relay(
                    config(
                            TempRelay.in(Files.createDirectory(workDir.resolve("cluster")))
                                    .cluster(),
                            kafka),
                    workDir.resolve("node")));
        }
        Benchmarks.delete(workDir);
    }

    private static String config(TempRelay fixture, EmbeddedKafka kafka) throws Exception {
        // On a busy machine the first record may wait longer than TempRelay allows.
        fixture.brokers(kafka.brokers())
                .setting("relay.kafka.maxBlock", "30s")
                .ssm("url", "https://127.0.0.1:9")
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1");
        new TopicSetup(fixture.configuration().settings()).ensure();
        return fixture.writeConfiguration().toString();
    }

    private double relay(String config, Path data) throws Exception {
        return secondsToDrain(
                Benchmarks.RELAY_OPTIONS, RelayDrain.class, config, data.toString(), Integer.toString(events));
    }

    private static double secondsToDrain(List<String> options, Class<?> main, String... arguments) throws Exception {
        Double seconds = ChildJvm.run(SECRETS, options, main, arguments).get("drained");
        if (seconds == null) {
            throw new IllegalStateException(main.getSimpleName() + " printed no figure");
        }
        return seconds;
    }
}
