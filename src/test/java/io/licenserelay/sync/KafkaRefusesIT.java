package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.simulator.kafka.BrokerSecurity;
import io.licenserelay.simulator.kafka.SecuredKafka;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.sync.run.ScenarioIT;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that accepts some records and rejects others: rejected records wait in order, the others are published, and none is lost. */
class KafkaRefusesIT extends ScenarioIT {
    private static final String PASSWORD = "kafka-pass-7f3d";

    @TempDir
    static Path shared;

    private static SecuredKafka kafka;
    private static Path ca;

    @BeforeAll
    static void startBroker() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("Kafka CA");
        ca = authority.writeTo(shared.resolve("kafka-ca.pem"));
        BrokerSecurity security =
                new BrokerSecurity(authority.server("127.0.0.1").issue(), "relay", PASSWORD);
        kafka = SecuredKafka.start(shared.resolve("broker"), security, Map.of());
    }

    @AfterAll
    static void stopBroker() throws Exception {
        kafka.close();
    }

    @Test
    void aMissingTopicDelaysOnlyItsOwnEventsUntilItExists() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).brokers(kafka.brokers());
                Admin admin = admin()) {
            new TopicSetup(relay.configuration().settings()).ensure();
            relay.start();
            admin.deleteTopics(List.of(relay.topic(Topic.SYNCS))).all().get();
            assertDelayedUntilRepaired(
                    ssm, relay, () -> new TopicSetup(relay.configuration().settings()).ensure());
        }
    }

    @Test
    void aForbiddenTopicDelaysOnlyItsOwnEventsUntilItIsAllowed() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).brokers(kafka.brokers());
                Admin admin = admin()) {
            new TopicSetup(relay.configuration().settings()).ensure();
            relay.secured(kafka, ca, "relay", PASSWORD).start();
            AclBinding denied = denyWrites(relay.topic(Topic.SYNCS));
            admin.createAcls(List.of(denied)).all().get();
            assertDelayedUntilRepaired(ssm, relay, () -> admin.deleteAcls(List.of(denied.toFilter()))
                    .all()
                    .get());
        }
    }

    @Test
    void aTooLargeRecordDelaysOnlyItsOwnKeyUntilTheTopicAcceptsIt() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).brokers(kafka.brokers());
                Admin admin = admin()) {
            new TopicSetup(relay.configuration().settings()).ensure();
            relay.start();
            setMaxMessageBytes(admin, relay.topic(Topic.SYNCS), "300");
            assertDelayedUntilRepaired(
                    ssm, relay, () -> setMaxMessageBytes(admin, relay.topic(Topic.SYNCS), "1000000"));
        }
    }

    private interface Repair {
        void run() throws Exception;
    }

    /** Rejects the topic of syncs while a site fails and recovers, and then repairs the topic. */
    private static void assertDelayedUntilRepaired(SsmSimulator ssm, TempRelay relay, Repair repair) throws Exception {
        relay.sync();
        await().atMost(Duration.ofMinutes(3)).until(() -> !open(relay).isEmpty());
        assertThat(open(relay)).extracting(Incident::code).containsExactly("LIC8003");
        ssm.faults().set("forbidden", "resource", "licenses");
        assertThat(relay.sync().seconds()).isLessThan(30);
        ssm.faults().clear();
        relay.sync();

        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(published(relay, "/data/state", "pull"))
                .containsExactly("trigger", "resolve"));
        assertThat(published(relay, "/data/state", "relay"))
                .as("the incident is published at once")
                .containsExactly("trigger");
        assertThat(relay.relay().outbox().waiting().rows())
                .as("rejected events wait")
                .isEqualTo(3);
        assertThat(relay.relay().outbox().waiting().since()).isNotNull();

        repair.run();
        await().atMost(Duration.ofMinutes(3))
                .until(() -> relay.relay().outbox().waiting().rows() == 0);
        assertThat(RealKafka.events(kafka.brokers(), relay.topic(Topic.SYNCS)))
                .extracting(event -> event.at("/data/outcome").asText())
                .containsExactly("complete", "failed", "complete");
        assertThat(published(relay, "/data/state", "relay")).containsExactly("trigger", "resolve");
        assertThat(open(relay)).isEmpty();
    }

    private static List<String> published(TempRelay relay, String pointer, String flow) {
        return RealKafka.events(kafka.brokers(), relay.topic(Topic.FAILURES)).stream()
                .filter(event -> event.at("/data/flow").asText().equals(flow))
                .map(event -> event.at(pointer))
                .map(JsonNode::asText)
                .toList();
    }

    private static List<Incident> open(TempRelay relay) {
        return relay.relay().database().read(tx -> relay.relay().incidents().open(tx));
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.brokers()));
    }

    private static AclBinding denyWrites(String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:relay", "*", AclOperation.WRITE, AclPermissionType.DENY));
    }

    private static void setMaxMessageBytes(Admin admin, String topic, String bytes) throws Exception {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                .all()
                .get();
    }
}
