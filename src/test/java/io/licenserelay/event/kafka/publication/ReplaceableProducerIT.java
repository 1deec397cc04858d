package io.licenserelay.event.kafka.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ReplaceableProducerIT {
    @Test
    void theStopDoesNotWaitForAKafkaThatVanishedInATransaction() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("transactional.id", RealKafka.prefix());
        properties.setProperty("key.serializer", StringSerializer.class.getName());
        properties.setProperty("value.serializer", StringSerializer.class.getName());
        EmbeddedKafka kafka = EmbeddedKafka.start();
        properties.setProperty("bootstrap.servers", kafka.brokers());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()))) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1)))
                    .all()
                    .get();
        }
        ReplaceableProducer producer = new ReplaceableProducer(properties, KafkaProducer::new);
        try (kafka) {
            producer.open();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("events", "key", "value")).get();
        }
        producer.send(new ProducerRecord<>("events", "key", "another"));
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> producer.close());
        assertThat(producer.isOpen()).isFalse();
    }
}
