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
 * In a JVM of its own: single events at random instants, in turn committed to a relay's outbox and given to a plain producer.
 * Both are timed to the moment at which a consumer has them.
 */
final class RelayLatency {
    private static final int WARM_UP = 50;
    private static final Duration POLL = Duration.ofSeconds(30);

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
        Map<String, Object> sending = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().brokers(), ProducerConfig.ACKS_CONFIG, "all");
        Map<String, Object> reading =
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().brokers());
        try (Relay relay = Relays.started(config, Path.of(arguments[1]), Path.of("routes"));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(sending, new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
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
        for (int each = 0; each < WARM_UP + times; each++) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
            double direct = arrival(this::send);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            double published = arrival(this::commit);
            if (each >= WARM_UP) {
                plain.add(direct);
                relayed.add(published);
            }
        }
        ChildJvm.say("plain", share(plain, 0.5));
        ChildJvm.say("relay", share(relayed, 0.5));
        ChildJvm.say("relay-95", share(relayed, 0.95));
    }

    private interface Sending {
        void send(Event event) throws Exception;
    }

    /** In milliseconds. */
    private double arrival(Sending sending) throws Exception {
        Event event = LicenseChanges.event(number++);
        long began = System.nanoTime();
        sending.send(event);
        if (consumer.poll(POLL).count() != 1) {
            throw new IllegalStateException("the event did not arrive, or not alone");
        }
        return (System.nanoTime() - began) / 1e6;
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

    private static double share(List<Double> times, double share) {
        return times.stream().sorted().toList().get((int) (share * times.size()));
    }
}
