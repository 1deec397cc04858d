package io.licenserelay.event.kafka.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A Kafka that vanishes while a transaction is open. */
class ReplaceableProducerIT {
    private static final ProducerRecord<Object, Object> RECORD = new ProducerRecord<>("events", "key", "value");

    @Test
    void neitherABatchNorTheStopWaitsForAKafkaThatVanished() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("transactional.id", RealKafka.prefix());
        properties.setProperty("key.serializer", StringSerializer.class.getName());
        properties.setProperty("value.serializer", StringSerializer.class.getName());
        properties.setProperty("request.timeout.ms", "500");
        properties.setProperty("delivery.timeout.ms", "1000");
        EmbeddedKafka kafka = EmbeddedKafka.start();
        properties.setProperty("bootstrap.servers", kafka.brokers());
        ReplaceableProducer producer = new ReplaceableProducer(properties, KafkaProducer::new);
        try (kafka) {
            createTopic(kafka.brokers());
            producer.open();
            producer.beginTransaction();
            producer.send(RECORD).get();
            producer.commitTransaction();
            producer.beginTransaction();
        }
        // Kafka's own delivery timeout does not pass for it, because the transaction waits for its coordinator first.
        List<Exception> failures = new CopyOnWriteArrayList<>();
        producer.send(RECORD, (metadata, thrown) -> failures.add(thrown));
        await().atMost(Duration.ofMinutes(1)).until(() -> failures.size() == 1);
        assertThat(failures.get(0)).isInstanceOf(TimeoutException.class);
        // The rest of the batch does not wait again.
        List<Exception> rest = new ArrayList<>();
        producer.send(RECORD, (metadata, thrown) -> rest.add(thrown));
        assertThat(rest).hasSize(1).hasOnlyElementsOfType(TimeoutException.class);

        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> producer.close());
        assertThat(failures).hasSize(1);
        assertThat(producer.isOpen()).isFalse();
    }

    private static void createTopic(String brokers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1)))
                    .all()
                    .get();
        }
    }
}
