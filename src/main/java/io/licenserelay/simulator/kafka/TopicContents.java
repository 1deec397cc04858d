package io.licenserelay.simulator.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the committed records of a topic from its beginning, as any consumer should. */
public final class TopicContents {
    private static final Duration POLL = Duration.ofMillis(200);

    private TopicContents() {}

    /** Returns all current records, by partition, oldest first. */
    public static List<ConsumerRecord<String, byte[]>> records(String brokers, String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer(brokers)) {
            return records(consumer, topic);
        }
    }

    /**
     * Creates a consumer for {@link #records(KafkaConsumer, String)}, for repeated reads: creating a consumer takes
     * longer than reading.
     */
    public static KafkaConsumer<String, byte[]> consumer(String brokers) {
        // Without fetch.max.wait.ms, the close of a consumer waits half a second for its last request.
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                brokers,
                "enable.auto.commit",
                "false",
                "fetch.max.wait.ms",
                "10",
                "isolation.level",
                "read_committed");
        return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Returns all current records, by partition, oldest first. */
    public static List<ConsumerRecord<String, byte[]>> records(KafkaConsumer<String, byte[]> consumer, String topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
            consumer.poll(POLL).forEach(records::add);
        }
        consumer.unsubscribe();
        return records;
    }

    /** Returns the values as JSON, without tombstones. */
    public static List<JsonNode> events(String brokers, String topic) {
        return records(brokers, topic).stream()
                .filter(record -> record.value() != null)
                .map(TopicContents::json)
                .toList();
    }

    private static JsonNode json(ConsumerRecord<String, byte[]> record) {
        try {
            return Json.MAPPER.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
