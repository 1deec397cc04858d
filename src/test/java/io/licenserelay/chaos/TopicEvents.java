package io.licenserelay.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** The topics as a consumer with {@code isolation.level=read_committed} reads them. Used by one thread. */
final class TopicEvents implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;

    TopicEvents(String brokers) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        brokers,
                        "enable.auto.commit",
                        "false",
                        "isolation.level",
                        "read_committed",
                        "fetch.max.wait.ms",
                        "10"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** @param event null for a tombstone */
    record Published(String key, @Nullable JsonNode event) {
        String id() {
            return event == null ? "tombstone" : event.path("id").asText();
        }

        String text(String pointer) {
            return event == null ? "" : event.at(pointer).asText();
        }
    }

    /** All records, by partition, oldest first. */
    List<Published> all(String topic) throws IOException {
        List<TopicPartition> partitions = partitions(topic);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<Published> records = new ArrayList<>();
        while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                records.add(new Published(record.key(), record.value() == null ? null : JSON.readTree(record.value())));
            }
        }
        return records;
    }

    private List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** The number of records that were ever appended. */
    long end(String topic) {
        return consumer.endOffsets(partitions(topic)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
