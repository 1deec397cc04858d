package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.DeadLetters;
import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncCommandsIT {
    private static final String COMMAND = """
            {"specversion":"1.0","id":"1","source":"/portal","type":"io.licenserelay.sync.requested.v1",
             "data":{"site":"%s","requestedBy":"jane","reason":"licenses were bought"}}""";

    @TempDir
    Path folder;

    @Test
    void aCommandRunsItsSiteAndAnInvalidRecordBecomesADeadLetter() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .setting("relay.commands.pause", "1h")
                        .site("schedule", "'0 0 3 1 1 ?'")
                        .startScheduled()) {
            awaitRuns(relay, "catch-up", 1);
            // The consumer starts at the end of the topic, so the record is sent until the consumer receives it.
            byte[] invalid = {(byte) 0xff, 0, 'x'};
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        send(relay, invalid);
                        return !deadLetters(relay).isEmpty();
                    });
            ConsumerRecord<String, byte[]> letter = deadLetters(relay).get(0);
            assertThat(letter.value()).isEqualTo(invalid);
            assertThat(letter.key()).isEqualTo("k");
            assertThat(header(letter, "from")).isEqualTo("test");
            assertThat(header(letter, "__connect.errors.topic")).isEqualTo(relay.topic(Topic.COMMANDS));
            assertThat(header(letter, "__connect.errors.exception.message")).contains("JSON");
            assertThat(letter.headers())
                    .allSatisfy(each -> assertThat(each.value()).isNotNull());

            send(relay, new byte[1_048_400]);
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(deadLetters(relay))
                    .as("a record that is too large for a dead letter is replaced by its digest")
                    .anyMatch(
                            each -> header(each, "__connect.errors.value.size").equals("1048400")));

            send(relay, text(COMMAND.formatted("hq")));
            awaitRuns(relay, "command", 1);
            assertThat(requestedBy(relay)).isEqualTo("jane");

            send(relay, text(COMMAND.formatted("hq")));
            awaitDeadLetter(relay, "relay.commands.pause");
            send(relay, text(COMMAND.formatted("elsewhere")));
            send(relay, text(COMMAND.formatted("nowhere\",\"relay\":\"license-relay")));
            awaitDeadLetter(relay, "no site \"nowhere\"");
            assertThat(deadLetters(relay))
                    .as("a command for a site of another relay is not a dead letter")
                    .noneMatch(each -> new String(each.value(), StandardCharsets.UTF_8).contains("elsewhere"));
            awaitRuns(relay, "command", 1);
        }
    }

    @Test
    void eachInvalidRecordBecomesADeadLetterAndTheLogHasOneLineWithACount() throws Exception {
        int garbage = 40;
        try (SsmSimulator ssm = SmallSsm.start();
                CapturedLog log = new CapturedLog(DeadLetters.class);
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .site("schedule", "'0 0 3 1 1 ?'")
                        .startScheduled()) {
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        send(relay, text("first"));
                        return !deadLetters(relay).isEmpty();
                    });
            for (int i = 0; i < garbage; i++) {
                send(relay, text("garbage " + i));
            }
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> deadLetters(relay).stream()
                                    .filter(each ->
                                            new String(each.value(), StandardCharsets.UTF_8).startsWith("garbage"))
                                    .count()
                            == garbage);
            // The log has one more line per minute on a slow machine.
            assertThat(log.warnings()).hasSizeBetween(1, 8);
        }
    }

    private static void send(TempRelay relay, byte[] value) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(relay.topic(Topic.COMMANDS), text("k"), value);
        record.headers().add("from", text("test"));
        RealKafka.send(record);
    }

    private static List<ConsumerRecord<String, byte[]>> deadLetters(TempRelay relay) {
        return RealKafka.records(relay.topic(Topic.DEAD_LETTERS));
    }

    private static void awaitDeadLetter(TempRelay relay, String reason) {
        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(deadLetters(relay))
                .anySatisfy(letter -> assertThat(header(letter, "__connect.errors.exception.message"))
                        .contains(reason)));
    }

    private static void awaitRuns(TempRelay relay, String cause, int count) {
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(relay.relay().database().<Integer>read(tx -> tx.createQuery(
                                        "SELECT COUNT(*) FROM run WHERE cause = :cause AND outcome = 'complete'")
                                .bind("cause", cause)
                                .mapTo(Integer.class)
                                .one()))
                        .isEqualTo(count));
    }

    private static String requestedBy(TempRelay relay) {
        return relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT requested_by FROM run WHERE cause = 'command'")
                .mapTo(String.class)
                .one());
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
