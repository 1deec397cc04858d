package io.licenserelay.cli;

import io.licenserelay.fixture.RealKafka;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How many records were written to a topic of one partition so far. Used by one thread. */
final class TopicEnd implements LongSupplier, AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
            Map.of("bootstrap.servers", RealKafka.brokers()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private final TopicPartition only;

    TopicEnd(String topic) {
        this.only = new TopicPartition(topic, 0);
    }

    @Override
    public long getAsLong() {
        return consumer.endOffsets(List.of(only)).getOrDefault(only, 0L);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
