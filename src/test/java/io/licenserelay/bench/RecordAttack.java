package io.licenserelay.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * An attack by a user who may write to topics that the relay reads. The records have invalid content and headers that
 * would control a Camel producer.
 */
final class RecordAttack implements AutoCloseable {
    private final List<String> topics;
    private final AtomicInteger sent = new AtomicInteger();
    private @Nullable KafkaProducer<String, byte[]> producer;

    RecordAttack(String... topics) {
        this.topics = List.of(topics);
    }

    void send(String brokers) {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", brokers, "max.block.ms", "5000"),
                    new StringSerializer(),
                    new ByteArraySerializer());
        }
        for (String topic : topics) {
            send(producer, topic);
        }
    }

    private void send(KafkaProducer<String, byte[]> to, String topic) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, "key", "no command".repeat(20).getBytes(StandardCharsets.UTF_8));
        record.headers()
                .add("kafka.PARTITION_KEY", "7".getBytes(StandardCharsets.UTF_8))
                .add("kafka.KEY", "forged".getBytes(StandardCharsets.UTF_8))
                .add("KAFKA.override_topic", "elsewhere".getBytes(StandardCharsets.UTF_8))
                .add("CamelHttpUri", "https://elsewhere".getBytes(StandardCharsets.UTF_8));
        to.send(record, (stored, failed) -> sent.addAndGet(failed == null ? 1 : 0));
    }

    int sent() {
        return sent.get();
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
