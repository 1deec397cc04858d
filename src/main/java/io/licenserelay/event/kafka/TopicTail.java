package io.licenserelay.event.kafka;

import io.licenserelay.config.site.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic without a consumer group and without commits, so that it leaves no state on the broker. Used by one
 * thread. Its memory is bounded by the client's fetch size and by the limit of {@link #last}.
 */
public final class TopicTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long MAX_BYTES = 64L << 20;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Settings.Kafka kafka;
    private final String topic;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    /** The connection is opened by the first request. */
    public TopicTail(Settings.Kafka kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
        Map<String, Object> client = new HashMap<>(kafka.client());
        client.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.brokers());
        // Relays that share a database publish in transactions; the records of an aborted one are sent again.
        client.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        client.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        client.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int)
                kafka.timeout().toMillis());
        client.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int)
                kafka.timeout().dividedBy(2).toMillis());
        this.consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Whether the topic exists. Must be called first.
     *
     * @throws KafkaUnavailable when no broker answers, or the broker refuses the request
     */
    public boolean exists() throws KafkaUnavailable {
        try {
            consumer.partitionsFor(topic).forEach(each -> partitions.add(new TopicPartition(topic, each.partition())));
            consumer.assign(partitions);
            ends.putAll(consumer.endOffsets(partitions));
            return !partitions.isEmpty();
        } catch (KafkaException e) {
            throw new KafkaUnavailable(kafka, e);
        }
    }

    /** Reads all current records from the beginning, in the order of each key. */
    public void all(Consumer<ConsumerRecord<byte[], byte[]>> reader) throws KafkaUnavailable {
        consumer.seekToBeginning(partitions);
        readToEnd(reader);
    }

    /**
     * Reads the newest current records, oldest first. It reads fewer than {@code limit} records if they exceed 64 MiB
     * in total.
     */
    public void last(int limit, Consumer<ConsumerRecord<byte[], byte[]>> reader) throws KafkaUnavailable {
        Newest newest = new Newest(limit);
        try {
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            for (TopicPartition each : partitions) {
                consumer.seek(each, Math.max(begins.getOrDefault(each, 0L), ends.getOrDefault(each, 0L) - limit));
            }
        } catch (KafkaException e) {
            throw new KafkaUnavailable(kafka, e);
        }
        readToEnd(newest::add);
        newest.inOrder().forEach(reader);
    }

    /** Keeps the newest records within limits for number and bytes. */
    private static final class Newest {
        private final PriorityQueue<ConsumerRecord<byte[], byte[]>> records =
                new PriorityQueue<>(Comparator.comparingLong(ConsumerRecord::timestamp));
        private final int limit;
        private long bytes;

        Newest(int limit) {
            this.limit = limit;
        }

        void add(ConsumerRecord<byte[], byte[]> record) {
            records.add(record);
            bytes += size(record);
            while (records.size() > limit || bytes > MAX_BYTES) {
                bytes -= size(records.remove());
            }
        }

        private static int size(ConsumerRecord<byte[], byte[]> record) {
            return Math.max(0, record.serializedValueSize()) + Math.max(0, record.serializedKeySize());
        }

        List<ConsumerRecord<byte[], byte[]>> inOrder() {
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
            while (!records.isEmpty()) {
                all.add(records.remove());
            }
            return all;
        }
    }

    /** Reads new records until this thread is interrupted. */
    public void follow(Consumer<ConsumerRecord<byte[], byte[]>> reader) throws KafkaUnavailable {
        try {
            ends.forEach(consumer::seek);
            while (!Thread.currentThread().isInterrupted()) {
                consumer.poll(POLL).forEach(reader);
            }
        } catch (InterruptException ended) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            throw new KafkaUnavailable(kafka, e);
        }
    }

    private void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> reader) throws KafkaUnavailable {
        try {
            long lastReceived = System.nanoTime();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    lastReceived = System.nanoTime();
                } else if (System.nanoTime() - lastReceived > kafka.timeout().toNanos()) {
                    throw new KafkaUnavailable(kafka, new TimeoutException("no more records arrived"));
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < ends.getOrDefault(partition, 0L)) {
                        reader.accept(record);
                    }
                }
            }
        } catch (KafkaException e) {
            throw new KafkaUnavailable(kafka, e);
        }
    }

    @Override
    public void close() {
        consumer.close(Duration.ZERO);
    }
}
