package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Reads the events as a consumer with only the CloudEvents SDK does. */
class CloudEventsIT extends ScenarioIT {

    @Test
    void theSdkReadsEveryEventInStructuredModeWithItsCorrelation() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("forbidden", "resource", "licenses");
            relay.sync();
            ssm.faults().clear().set("server-error", "resource", "licenses");
            relay.sync();
            ssm.faults().clear();
            relay.sync();
            relay.failures();

            List<CloudEvent> failures = read(relay.topic(Topic.FAILURES));
            assertThat(failures).hasSize(3);
            CloudEvent trigger = failures.get(0);
            assertThat(trigger.getExtension("causationid")).isNull();
            assertThat(failures.subList(1, 3)).allSatisfy(later -> {
                assertThat(later.getExtension("causationid")).isEqualTo(trigger.getId());
                assertThat(later.getSubject()).isEqualTo(trigger.getSubject());
            });
            assertThat(relay.failures())
                    .as("all events have the same start time")
                    .extracting(event -> event.text("/data/firstSeenAt"))
                    .containsOnly(relay.failures().get(0).text("/data/firstSeenAt"));
            List<CloudEvent> syncs = read(relay.topic(Topic.SYNCS));
            assertThat(failures.stream().map(event -> event.getExtension("correlationid")))
                    .as("each run has its own id, and its failure events have the same id")
                    .isEqualTo(syncs.stream()
                            .map(event -> event.getExtension("correlationid"))
                            .toList());
            assertThat(failures.stream().map(event -> event.getExtension("traceparent")))
                    .isEqualTo(syncs.stream()
                            .map(event -> event.getExtension("traceparent"))
                            .toList());

            List<CloudEvent> all = Stream.of(failures, syncs, read(relay.topic(Topic.LICENSES)))
                    .flatMap(List::stream)
                    .toList();
            Set<String> sourceAndIds = new HashSet<>();
            assertThat(all).hasSizeGreaterThan(6).allSatisfy(event -> assertThat(
                            sourceAndIds.add(event.getSource() + " " + event.getId()))
                    .as("source and id are unique")
                    .isTrue());
        }
    }

    private static List<CloudEvent> read(String topic) {
        List<CloudEvent> events = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", RealKafka.brokers(), "enable.auto.commit", "false");
        try (KafkaConsumer<String, CloudEvent> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new CloudEventDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, CloudEvent> record : consumer.poll(Duration.ofMillis(200))) {
                    assertThat(KafkaMessageFactory.createReader(record.headers(), new byte[] {'{', '}'})
                                    .getEncoding())
                            .isEqualTo(Encoding.STRUCTURED);
                    assertThat(record.value().getExtension("partitionkey")).isEqualTo(record.key());
                    events.add(record.value());
                }
            }
        }
        return events;
    }
}
