package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports that need more memory than the real process has, as a file and as a record: the process ends once, and not again after a restart. */
@Tag("deep")
@Tag("only-deep")
class PoisonIT {
    /** The size of a valid report that is too large for the memory of the process. */
    private static final int LARGE = 14 << 20;

    private static final int OUT_OF_MEMORY = 3;
    private static final int MAX_STARTS = 5;

    @TempDir
    Path folder;

    @Test
    void aReportThatCausesOutOfMemoryIsQuarantinedUntilItIsRetried() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start()) {
            String topic = RealKafka.prefix() + ".reports-in";
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealKafka.brokers()))) {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                        .all()
                        .get(10, TimeUnit.SECONDS);
            }
            Settings settings = configure(ssm, topic);
            byte[] file = large("9FILE");
            byte[] record = gzipped(large("9RECORD"));
            Path inbox = Files.createDirectories(folder.resolve("reports/inbox"));
            Files.write(inbox.resolve("a-large.json"), file);
            Files.writeString(
                    inbox.resolve("b-small.json"), RumSamples.bare(RumSamples.report(RumSamples.payload("9SMALL", 1))));
            send(topic, record);

            int crashes = 0;
            while (crashes < MAX_STARTS && !runsUntilAllRead(inbox)) {
                crashes++;
            }
            assertThat(crashes)
                    .as("one crash per report, and one more if both were read at the same time")
                    .isBetween(2, 3);
            Quarantine quarantine = new Quarantine(folder.resolve("data"), Clock.systemUTC());
            assertThat(quarantine.items())
                    .extracting(Quarantine.Item::name)
                    .containsExactlyInAnyOrder("a-large.json", topic + "/0/0");
            for (Quarantine.Item each : quarantine.items()) {
                assertThat(Files.readAllBytes(each.content())).isIn(file, record);
                assertThat(Files.getPosixFilePermissions(each.content()))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                assertThat(each.why()).isEqualTo("the relay ran out of memory while it read this input");
            }
            assertThat(RealKafka.events(settings.topic(Topic.FAILURES)))
                    .anySatisfy(each ->
                            assertThat(each.at("/data/diagnosis/code").asText()).isEqualTo("LIC5012"));

            CommandResult list = run("reports", "retry");
            assertThat(list.out()).contains("a-large.json", topic + "/0/0");
            for (Quarantine.Item each : quarantine.items()) {
                CommandResult retried = run("reports", "retry", each.id());
                assertThat(retried.out()).isEqualToIgnoringNewLines("1 report, 1 of them new");
                assertThat(retried.exitCode()).isZero();
            }
            assertThat(quarantine.items()).isEmpty();
            assertThat(reports()).isEqualTo(3);
            assertThat(run("reports", "retry", "0123").exitCode()).isEqualTo(1);
        }
    }

    private Settings configure(SsmSimulator ssm, String topic) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        Settings settings = TempRelay.in(folder)
                .store(TestStore.SQLITE)
                .of(ssm)
                .ssm("client", "{ id: relay, secret: 'file:" + secret + "' }")
                .site("schedule", "'0 0 3 1 1 ?'")
                .site("reports", "{ push: off, topic: " + topic + ", inbox: " + folder.resolve("reports/inbox") + " }")
                .setting("reports.inbox.period", "300")
                .configuration()
                .settings();
        CommandResult check = run("check");
        assertThat(check.exitCode()).as(check.out()).isZero();
        return settings;
    }

    /** Returns whether a process reads everything that remains and can be stopped; false if it ran out of memory. */
    private boolean runsUntilAllRead(Path inbox) throws Exception {
        Path note = folder.resolve("data/reading/out-of-memory");
        try (RelayProcess process = RelayProcess.startWith(
                List.of(
                        "-Xmx88m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        // The same option as in the launcher.
                        "-XX:OnOutOfMemoryError=: >>'" + note + "'"),
                folder,
                arguments("run"))) {
            try {
                process.until(
                        Duration.ofMillis(200),
                        () -> ReportKills.files(inbox) == 0
                                && ReportKills.files(folder.resolve("data/quarantine")) == 4
                                && reports() == 1
                                && outbox() == 0);
            } catch (RuntimeException ended) {
                assertThat(process.exitCode()).as(process.err()).isEqualTo(OUT_OF_MEMORY);
                return false;
            }
            assertThat(process.terminate()).isZero();
            return true;
        }
    }

    private long reports() {
        return count("report");
    }

    private long outbox() {
        return count("outbox");
    }

    private long count(String table) {
        return Database.reading(folder.resolve("data"))
                .map(database -> {
                    try (database) {
                        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM " + table)
                                .mapTo(Long.class)
                                .one());
                    }
                })
                .orElse(-1L);
    }

    private CommandResult run(String... command) {
        return CommandResult.of(arguments(command));
    }

    private String[] arguments(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(
                "--config",
                folder.resolve("config").toString(),
                "--data",
                folder.resolve("data").toString()));
        return all.toArray(String[]::new);
    }

    /** A report with a part that compresses badly, because the relay rejects content that unpacks to hundreds of times its size. */
    private static byte[] large(String serial) {
        StringBuilder padding = new StringBuilder();
        Random random = new Random(1);
        while (padding.length() < 200_000) {
            padding.append(Long.toHexString(random.nextLong()));
        }
        padding.append("0".repeat(LARGE - padding.length()));
        String payload = RumSamples.payload(serial, 1);
        String padded = payload.substring(0, payload.length() - 1) + ",\"padding\":\"" + padding + "\"}";
        return RumSamples.report(padded).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzipped(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static void send(String topic, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", RealKafka.brokers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, null, value)).get(10, TimeUnit.SECONDS);
        }
    }
}
