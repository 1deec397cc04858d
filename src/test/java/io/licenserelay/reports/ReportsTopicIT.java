package io.licenserelay.reports;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Digests;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.Archives;
import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.incident.relay.StoreWatch;
import io.licenserelay.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReportsTopicIT {
    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    @Test
    void reportsFromKafkaAreStoredAndInvalidRecordsAreDeadLettered() throws Exception {
        String topic = createTopic();
        byte[] good = bytes(bare(report(payload("9ABC", 1))));
        send(topic, good, Map.of("site", "hq", "account", "acme.local", "va", "Lab/Test"));
        send(topic, bytes("noise"), Map.of());
        send(topic, good, Map.of("site", "nowhere"));
        send(topic, Archives.bundle(new Archives.Entry("a.txt", good), Archives.Entry.of("b.txt", "x")), Map.of());
        send(topic, bytes(bare(report(payload("9ABC", 2)))), Map.of("account", "acme.local"));

        cloud.relay()
                .site("labels", "{ team: network }")
                .site("reports", "{ push: off, topic: " + topic + " }")
                .site("schedule", "'0 0 3 1 1 ?'")
                .startScheduled();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> RealKafka.records(cloud.relay().topic(Topic.DEAD_LETTERS))
                                .size()
                        == 4);
        assertThat(cloud.relay().events(Topic.REPORTS))
                .isNotEmpty()
                .allMatch(event -> event.at("/data/labels/team").asText().equals("network")
                        && event.at("/data/relay/name").asText().equals("license-relay"));
        assertThat(cloud.ledger()).singleElement().satisfies(each -> {
            assertThat(each.place().toString()).isEqualTo("hq/acme.local/Lab/Test");
            assertThat(each.origin()).isEqualTo(topic + "/0/0");
        });
        assertThat(RealKafka.records(cloud.relay().topic(Topic.DEAD_LETTERS)))
                .map(letter -> new String(
                        letter.headers()
                                .lastHeader("__connect.errors.exception.message")
                                .value(),
                        StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder(
                        "the file has no <RUMReport>",
                        "no site \"nowhere\" is configured",
                        "UD_VA_26Nov22_py.tar.gz/b.txt: the file has no <RUMReport>",
                        "one of the headers account and va is missing; set both or none");
    }

    @Test
    void noRecordIsLostWhileTheDatabaseRefusesItsRowsAndThisIsNoOutageOfTheDatabase() throws Exception {
        String topic = createTopic();
        send(topic, bytes("noise"), Map.of());

        cloud.relay()
                .site("reports", "{ push: off, topic: " + topic + " }")
                .site("schedule", "'0 0 3 1 1 ?'")
                .startScheduled();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> RealKafka.records(cloud.relay().topic(Topic.DEAD_LETTERS))
                                .size()
                        == 1);
        Database database = cloud.relay().relay().database();
        TestStore.current().refuseInserts(database, "report", "refused");
        try (CapturedLog log = new CapturedLog(StoreWatch.class)) {
            send(topic, bytes(bare(report(payload("9ABC", 1)))), Map.of());
            await().atMost(Duration.ofMinutes(3)).until(() -> log.lines(Level.ERROR).stream()
                    .anyMatch(line -> line.startsWith("the database refused a statement, and works otherwise: ")));
        }
        assertThat(cloud.ledger()).isEmpty();
        assertThat(cloud.relay().failures()).extracting(each -> each.code()).doesNotContain("LIC8002");
        TestStore.current().acceptInserts(database, "report", "refused");
        await().atMost(Duration.ofMinutes(3)).until(() -> cloud.ledger().size() == 1);
    }

    /** SQLite has no such limit. PostgreSQL refuses a serial number that is too long for an index each time. */
    @Test
    void aReportThatPostgresqlNeverStoresBecomesADeadLetterAndDoesNotBlockTheRecordsBehindIt() throws Exception {
        String topic = createTopic();
        String serial = new Random(7)
                .ints(6_000, 'A', 'Z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        byte[] unstorable = bytes(bare(report(payload(serial, 1))));
        send(topic, unstorable, Map.of());
        send(topic, bytes(bare(report(payload("9ABC", 2)))), Map.of("account", "a".repeat(501), "va", "Lab"));
        send(topic, bytes(bare(report(payload("9ABC", 3)))), Map.of());

        cloud.relay()
                .cluster()
                .site("reports", "{ push: off, topic: " + topic + " }")
                .site("schedule", "'0 0 3 1 1 ?'")
                .startScheduled();
        await().atMost(Duration.ofMinutes(3)).until(() -> cloud.ledger().size() == 1);
        assertThat(cloud.ledger()).singleElement().satisfies(each -> assertThat(each.reportId())
                .isEqualTo("3"));
        List<ConsumerRecord<String, byte[]>> letters =
                RealKafka.records(cloud.relay().topic(Topic.DEAD_LETTERS));
        assertThat(letters).hasSize(2);
        assertThat(letters.get(0).value()).isEqualTo(unstorable);
        assertThat(header(letters.get(0), "__connect.errors.exception.message"))
                .matches("the report with the digest [0-9a-f]{64} cannot be stored, because of a value in it:"
                        + " the database refused: .*index row size .*");
        assertThat(header(letters.get(1), "__connect.errors.exception.message"))
                .isEqualTo("one of the headers account and va is longer than 500 characters");
        assertThat(cloud.relay().failures()).extracting(FailureEvent::code).doesNotContain("LIC8002");
    }

    @Test
    void aDeadLetterThatKafkaRejectsIsRetriedAndBlocksTheRecordsBehindIt() throws Exception {
        String topic = createTopic();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealKafka.brokers()));
                CapturedLog log = new CapturedLog("io.licenserelay.topic")) {
            cloud.relay()
                    .site("reports", "{ push: off, topic: " + topic + " }")
                    .site("schedule", "'0 0 3 1 1 ?'")
                    .setting("relay.kafka.maxBlock", "500ms")
                    .setting("reports.topic.retry.delay", "100")
                    .startScheduled();
            String letters = cloud.relay().topic(Topic.DEAD_LETTERS);
            admin.deleteTopics(List.of(letters)).all().get(10, TimeUnit.SECONDS);
            send(topic, bytes("noise"), Map.of());
            send(topic, bytes(bare(report(payload("9ABC", 1)))), Map.of());
            // The dead letter was retried, and the report behind it still waits.
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> log.warnings().stream()
                                    .filter(each -> each.startsWith("a dead letter of " + topic + " waits"))
                                    .count()
                            >= 2);
            assertThat(cloud.ledger()).isEmpty();
            new TopicSetup(cloud.relay().configuration().settings()).ensure();
            await().atMost(Duration.ofMinutes(3)).until(() -> cloud.ledger().size() == 1);
            assertThat(RealKafka.records(letters)).hasSize(1);
        }
    }

    @Test
    void recordHeadersDoNotControlDeadLettersAndOversizedRecordsDoNotBlock() throws Exception {
        String topic = createTopic();
        byte[] large = new byte[1_048_400];
        Arrays.fill(large, (byte) 'x');
        Map<String, String> controlHeaders = new LinkedHashMap<>();
        List.of(
                        "kafka.PARTITION_KEY",
                        "KAFKA.partition_key",
                        "kafka.KEY",
                        "kafka.OVERRIDE_TIMESTAMP",
                        "camelKafkaTopic")
                .forEach(name -> controlHeaders.put(name, "7"));
        controlHeaders.put("kafka.OVERRIDE_TOPIC", topic);
        controlHeaders.put("from", "test");
        Instant before = Instant.now();
        send(topic, bytes("noise"), controlHeaders);
        send(topic, large, Map.of("from", "test"));
        send(topic, bytes(bare(report(payload("9ABC", 1)))), Map.of());

        cloud.relay()
                .site("reports", "{ push: off, topic: " + topic + " }")
                .site("schedule", "'0 0 3 1 1 ?'")
                .setting("reports.topic.retry.delay", "100")
                .startScheduled();
        await().atMost(Duration.ofMinutes(3)).until(() -> cloud.ledger().size() == 1);
        List<ConsumerRecord<String, byte[]>> letters =
                RealKafka.records(cloud.relay().topic(Topic.DEAD_LETTERS));
        assertThat(letters).hasSize(2);
        ConsumerRecord<String, byte[]> deadLetter = letters.get(0);
        assertThat(deadLetter.key()).isNull();
        assertThat(deadLetter.value()).isEqualTo(bytes("noise"));
        assertThat(Instant.ofEpochMilli(deadLetter.timestamp())).isAfter(before.minusSeconds(5));
        assertThat(header(deadLetter, "from")).isEqualTo("test");
        assertThat(deadLetter.headers())
                .extracting(Header::key)
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("kafka."))
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("camel"));
        // The sender's header is kept under a name that Camel and Kafka ignore.
        assertThat(header(deadLetter, "__connect.errors.header.kafka.KEY")).isEqualTo("7");
        assertThat(header(deadLetter, "__connect.errors.header.kafka.OVERRIDE_TOPIC"))
                .isEqualTo(topic);

        ConsumerRecord<String, byte[]> truncated = letters.get(1);
        assertThat(truncated.value())
                .hasSizeLessThan(large.length)
                .containsOnly('x')
                .isNotEmpty();
        assertThat(header(truncated, "__connect.errors.value.sha256")).isEqualTo(Digests.sha256(large));
        assertThat(header(truncated, "__connect.errors.value.size")).isEqualTo("1048400");
        assertThat(header(truncated, "__connect.errors.offset")).isEqualTo("1");
        assertThat(header(truncated, "from")).isEqualTo("test");
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(cloud.relay().failures())
                        .filteredOn(each -> each.code().equals("LIC8003"))
                        .singleElement()
                        .satisfies(each -> assertThat(each.text("/data/evidence/findings/0/phrase"))
                                .contains(topic + "/0/1")));
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String createTopic() throws Exception {
        String topic = RealKafka.prefix() + ".reports-in";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealKafka.brokers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
        }
        return topic;
    }

    private static void send(String topic, byte[] value, Map<String, String> headers) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, null, value);
        headers.forEach((name, text) -> record.headers().add(name, bytes(text)));
        RealKafka.send(record);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
