package io.licenserelay.cli;

import io.licenserelay.fixture.RealKafka;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The number of records in a topic with one partition. Not thread-safe. */
final class TopicEnd implements LongSupplier, AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
            Map.of("bootstrap.servers", RealKafka.brokers()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private final TopicPartition partition;

    TopicEnd(String topic) {
        this.partition = new TopicPartition(topic, 0);
    }

    @Override
    public long getAsLong() {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
