package io.licenserelay.bench;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The floor of the drain, in a separate JVM. It sends records that are ready in memory to the producer, as fast as possible. */
final class PlainDrain {
    private PlainDrain() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Configuration.read(Path.of(arguments[0]), System.getenv(), Map.of())
                .settings();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int number = 0; number < Integer.parseInt(arguments[1]); number++) {
            records.add(record(settings.topic(Topic.LICENSES), LicenseChanges.event(number)));
        }
        // The same settings as the relay: idempotent, acknowledged by all replicas, batched for 5 ms.
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.kafka().brokers(),
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.partitionsFor(settings.topic(Topic.LICENSES));
            ChildJvm.timed("drained", () -> {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                records.forEach(each -> sent.add(producer.send(each)));
                for (Future<RecordMetadata> each : sent) {
                    each.get();
                }
            });
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Event event) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, utf8(event.key()), utf8(event.value()));
        event.headers().forEach((name, value) -> record.headers().add(name, utf8(value)));
        return record;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
