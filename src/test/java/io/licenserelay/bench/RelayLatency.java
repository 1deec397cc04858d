package io.licenserelay.bench;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Event;
import io.licenserelay.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * In a separate JVM: sends single events at random instants, alternately through a relay's outbox and through a plain
 * producer. Measures the time until a consumer receives them.
 */
final class RelayLatency {
    private static final int WARM_UP = 50;
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(30);

    private final Relay relay;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private int number;

    private RelayLatency(
            Relay relay, String topic, KafkaProducer<byte[], byte[]> producer, KafkaConsumer<byte[], byte[]> consumer) {
        this.relay = relay;
        this.topic = topic;
        this.producer = producer;
        this.consumer = consumer;
    }

    public static void main(String[] arguments) throws Exception {
        Path config = Path.of(arguments[0]);
        Settings settings =
                Configuration.read(config, System.getenv(), Map.of()).settings();
        String topic = settings.topic(Topic.LICENSES);
        Map<String, Object> producerConfig = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().brokers(), ProducerConfig.ACKS_CONFIG, "all");
        Map<String, Object> consumerConfig =
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().brokers());
        try (Relay relay = Relays.started(config, Path.of(arguments[1]), Path.of("routes"));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(producerConfig, new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            new RelayLatency(relay, topic, producer, consumer).measure(Integer.parseInt(arguments[2]));
        }
    }

    private void measure(int times) throws Exception {
        Random random = new Random(1);
        List<Double> plain = new ArrayList<>();
        List<Double> relayed = new ArrayList<>();
        for (int i = 0; i < WARM_UP + times; i++) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
            double direct = millisToArrival(this::send);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            double published = millisToArrival(this::commit);
            if (i >= WARM_UP) {
                plain.add(direct);
                relayed.add(published);
            }
        }
        ChildJvm.print("plain", quantile(plain, 0.5));
        ChildJvm.print("relay", quantile(relayed, 0.5));
        ChildJvm.print("relay-95", quantile(relayed, 0.95));
    }

    private interface Sender {
        void send(Event event) throws Exception;
    }

    /** Sends an event and returns the milliseconds until a consumer receives it. */
    private double millisToArrival(Sender sender) throws Exception {
        Event event = LicenseChanges.event(number++);
        long start = System.nanoTime();
        sender.send(event);
        if (consumer.poll(POLL_TIMEOUT).count() != 1) {
            throw new IllegalStateException("the consumer did not receive exactly one event");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private void send(Event event) throws Exception {
        producer.send(new ProducerRecord<>(
                        topic,
                        event.key().getBytes(StandardCharsets.UTF_8),
                        event.value().getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private void commit(Event event) {
        relay.database().write(Database.RELAY, tx -> {
            relay.outbox().append(tx, topic, event);
            return event;
        });
    }

    private static double quantile(List<Double> times, double fraction) {
        return times.stream().sorted().toList().get((int) (fraction * times.size()));
    }
}
