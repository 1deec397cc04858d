package io.licenserelay.event.kafka.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.event.OutboxRecord;
import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.store.NotOwner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two relays that share a database and publish to a real broker. A relay that is paused does not notice that it was replaced. */
class FencedPublicationIT {
    private final String topic = RealKafka.prefix() + ".events";
    private final String url = PostgresServer.newDatabase();
    private final SharedPublisher first = new SharedPublisher("node-1", url, topic);
    private final SharedPublisher second = new SharedPublisher("node-2", url, topic);

    @BeforeEach
    void createTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealKafka.brokers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        first.takeOver(1);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void aPublisherThatIsReplacedInTheMiddleOfABatchCannotCommitIt() throws Exception {
        first.append(topic, "a", "a1");
        first.append(topic, "b", "b1");
        List<OutboxRecord> batch = first.next();
        first.publication().begin();
        first.send(batch);

        second.takeOver(2);
        second.publish();
        second.append(topic, "a", "a2");
        second.publish();

        assertFenced(() -> first.publication().commit());
        first.publication().abort();
        assertThat(second.waiting()).isZero();
        assertThat(committed()).containsExactly("a1", "b1", "a2");
        assertThat(everything()).containsExactly("a1", "b1", "a1", "b1", "a2");
    }

    @Test
    void aPublisherThatIsReplacedBeforeItSendsCannotAppendAnOlderEvent() throws Exception {
        first.append(topic, "z", "z1");
        first.publish();
        first.append(topic, "a", "a1");
        List<OutboxRecord> batch = first.next();
        first.publication().begin();

        second.takeOver(2);
        second.publish();
        second.append(topic, "a", "a2");
        second.publish();

        assertFenced(() -> first.send(batch));
        first.publication().abort();
        assertThat(everything())
                .as("even for a consumer of uncommitted records")
                .containsExactly("z1", "a1", "a2");
    }

    @Test
    void aPublisherThatIsReplacedBeforeTheRemovalSendsTwiceButInOrder() throws Exception {
        first.append(topic, "a", "a1");
        List<OutboxRecord> batch = first.next();
        first.publication().begin();
        first.send(batch);
        first.publication().commit();

        second.takeOver(2);
        second.publish();
        second.append(topic, "a", "a2");
        second.publish();

        assertThatThrownBy(() -> first.published(batch)).isInstanceOf(NotOwner.class);
        assertThat(committed()).containsExactly("a1", "a1", "a2");
    }

    @Test
    void aFormerPublisherDoesNotFenceItsSuccessor() throws Exception {
        first.append(topic, "a", "a1");
        first.publish();
        second.takeOver(2);
        second.append(topic, "a", "a2");
        List<OutboxRecord> batch = second.next();
        second.publication().begin();
        second.send(batch);

        assertThatThrownBy(() -> first.publish()).satisfies(FencedPublicationIT::isFenced);
        assertThatThrownBy(() -> first.publish()).isInstanceOf(NotOwner.class);

        second.publication().commit();
        assertThat(committed()).containsExactly("a1", "a2");
    }

    /** The pause comes after the relay has proved that it publishes, and before it has its epoch. */
    @Test
    void aPublisherThatIsReplacedWhileItTakesItsEpochSendsNothingAndItsSuccessorContinues() throws Exception {
        first.append(topic, "a", "a1");
        List<OutboxRecord> batch = first.next();
        AtomicInteger writes = new AtomicInteger();
        first.beforeWrite(() -> {
            if (writes.incrementAndGet() == 2) {
                second.takeOver(2);
                publishUnchecked(second);
                second.append(topic, "a", "a2");
                publishUnchecked(second);
            }
        });
        first.publication().begin();
        assertThatThrownBy(() -> first.send(batch)).isInstanceOf(NotOwner.class);
        first.publication().abort();
        assertThat(writes).as("the epoch was taken between two proofs").hasValue(2);

        second.append(topic, "a", "a3");
        second.publish();
        assertThat(everything()).containsExactly("a1", "a2", "a3");
    }

    @Test
    void aSuccessorThatWasFencedByAnEpochOfItsPredecessorTakesAnotherOne() throws Exception {
        first.append(topic, "a", "a1");
        first.publish();
        second.takeOver(2);
        second.append(topic, "a", "a2");
        second.publish();
        try (SharedPublisher late = new SharedPublisher("node-3", PostgresServer.newDatabase(), topic)) {
            late.takeOver(1);
            late.append(topic, "x", "x1");
            late.publish();
        }

        second.append(topic, "a", "a3");
        assertThatThrownBy(second::publish).satisfies(FencedPublicationIT::isFenced);
        second.publish();
        assertThat(committed()).containsExactly("a1", "a2", "x1", "a3");
    }

    @Test
    void nothingOfABatchWithARefusedRecordIsCommitted() throws Exception {
        first.append(topic, "a", "a1");
        first.append(topic, "b", "b".repeat(2 << 20));
        first.append(topic, "c", "c1");
        assertThatThrownBy(first::publish).hasStackTraceContaining(RecordTooLargeException.class.getSimpleName());
        assertThat(committed()).isEmpty();
        assertThat(first.waiting()).isEqualTo(3);

        for (OutboxRecord each : List.of(first.next().get(0), first.next().get(2))) {
            first.publication().begin();
            first.send(List.of(each));
            first.publication().commit();
        }
        assertThat(committed()).containsExactly("a1", "c1");
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void assertFenced(Work work) {
        assertThatThrownBy(work::run).satisfies(FencedPublicationIT::isFenced);
    }

    /** As the route recognizes it: anywhere among the causes. */
    private static void isFenced(Throwable thrown) {
        List<Class<?>> causes = new ArrayList<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            causes.add(each.getClass());
        }
        assertThat(causes).containsAnyOf(ProducerFencedException.class, InvalidProducerEpochException.class);
    }

    private static void publishUnchecked(SharedPublisher publisher) {
        try {
            publisher.publish();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> committed() {
        return values("read_committed");
    }

    private List<String> everything() {
        return values("read_uncommitted");
    }

    private List<String> values(String isolation) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", RealKafka.brokers(), "isolation.level", isolation, "fetch.max.wait.ms", "10");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<String> values = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
