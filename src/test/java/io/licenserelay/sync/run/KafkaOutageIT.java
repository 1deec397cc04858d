package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While Kafka is unreachable, syncs continue and events wait. When Kafka is back, the events are published in order. */
class KafkaOutageIT extends ScenarioIT {
    @TempDir
    Path logs;

    @Test
    void eventsWaitAndArePublishedInOrder() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(logs);
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).brokers(kafka.brokers())) {
            new TopicSetup(relay.configuration().settings()).ensure();
            relay.start();
            kafka.close();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            await().atMost(Duration.ofMinutes(3)).until(() -> !open(relay).isEmpty());
            assertThat(open(relay)).extracting(Incident::code).containsExactly("LIC8001");

            ssm.faults().set("forbidden", "resource", "licenses");
            SyncResult failed = relay.sync();
            assertThat(failed.seconds()).isLessThan(10);
            ssm.faults().clear();
            relay.sync();
            assertThat(relay.relay().outbox().waiting().rows()).isGreaterThanOrEqualTo(7);

            kafka = EmbeddedKafka.start(logs, kafka.port());
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> relay.relay().outbox().waiting().rows() == 0);
            assertThat(outcomes(kafka, relay)).containsExactly("complete", "failed", "complete");
            List<FailureEvent> events = failures(kafka, relay);
            assertThat(events.stream().filter(event -> event.flow().equals("pull")))
                    .extracting(FailureEvent::state)
                    .containsExactly("trigger", "resolve");
            assertThat(events.stream().filter(event -> event.code().equals("LIC8001")))
                    .extracting(FailureEvent::state)
                    .containsExactly("trigger", "resolve");
            FailureEvent unreachable = events.stream()
                    .filter(event -> event.code().equals("LIC8001"))
                    .findFirst()
                    .orElseThrow();
            assertThat(unreachable.confidence()).isEqualTo("proven");
            assertThat(unreachable.because()).containsExactly("kafka.unreachable");
            assertThat(open(relay)).isEmpty();
        } finally {
            kafka.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void syncsWorkIfTheBrokerIsUnreachableOrHangsAtTheStart(boolean hangs) throws Exception {
        int port = closedPort();
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).brokers("127.0.0.1:" + port)) {
            try (ServerSocket silent = hangs ? new ServerSocket(port, 50, InetAddress.getLoopbackAddress()) : null) {
                relay.start();
                assertThat(relay.sync().seconds()).isLessThan(10);
                ssm.faults().set("forbidden", "resource", "licenses");
                assertThat(relay.sync().seconds()).isLessThan(10);
                assertThat(relay.sync().seconds()).isLessThan(10);
                ssm.faults().clear();
                assertThat(relay.sync().outcome()).isEqualTo("complete");
                await().atMost(Duration.ofMinutes(3)).until(() -> !open(relay).isEmpty());
                assertThat(relay.relay().outbox().waiting().rows()).isGreaterThanOrEqualTo(7);
                assertThat(silent == null || silent.isBound()).isTrue();
            }
            try (EmbeddedKafka kafka = EmbeddedKafka.start(logs, port)) {
                new TopicSetup(relay.configuration().settings()).ensure();
                await().atMost(Duration.ofMinutes(3))
                        .until(() -> relay.relay().outbox().waiting().rows() == 0);
                assertThat(outcomes(kafka, relay)).containsExactly("complete", "failed", "failed", "complete");
                assertThat(failures(kafka, relay).stream()
                                .filter(event -> event.flow().equals("pull"))
                                .map(FailureEvent::state))
                        .containsExactly("trigger", "resolve");
                relay.close();
            }
        }
    }

    @Test
    void theRelayStartsAndSyncsIfNoBrokerNameResolves() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).brokers("kafka.invalid:9092")) {
            relay.startScheduled();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            await().atMost(Duration.ofMinutes(3)).until(() -> !open(relay).isEmpty());
            assertThat(open(relay)).extracting(Incident::code).containsExactly("LIC8001");
            assertThat(relay.relay().outbox().waiting().rows()).isPositive();
        }
    }

    private static List<Incident> open(TempRelay relay) {
        return relay.relay().database().read(tx -> relay.relay().incidents().open(tx));
    }

    private static List<String> outcomes(EmbeddedKafka kafka, TempRelay relay) {
        return events(kafka, relay, Topic.SYNCS).stream()
                .map(event -> event.at("/data/outcome").asText())
                .toList();
    }

    private static List<FailureEvent> failures(EmbeddedKafka kafka, TempRelay relay) {
        return events(kafka, relay, Topic.FAILURES).stream()
                .map(FailureEvent::new)
                .toList();
    }

    private static List<JsonNode> events(EmbeddedKafka kafka, TempRelay relay, Topic topic) {
        return RealKafka.events(kafka.brokers(), relay.topic(topic));
    }
}
