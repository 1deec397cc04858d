package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.KafkaUnavailable;
import io.licenserelay.event.kafka.PublisherCheck;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.relay.KafkaWatch;
import io.licenserelay.simulator.kafka.BrokerSecurity;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.kafka.SecuredKafka;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.ScenarioIT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay whose database others share publishes in transactions; every trouble of them ends without a lost or reordered event. */
class ClusterPublishingIT extends ScenarioIT {
    private static final String ID = "license-relay-publish";
    private static final String PASSWORD = "kafka-pass-7f3d";

    @TempDir
    Path broker;

    @Test
    void onlyARelayThatSharesItsDatabaseMakesTransactions() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(broker);
                SsmSimulator ssm = simulator().start();
                Admin admin = admin(kafka.brokers())) {
            try (TempRelay alone =
                    created(relay(ssm).store(TestStore.SQLITE), kafka.brokers()).start()) {
                alone.sync();
                awaitPublished(alone);
                assertThat(admin.listTransactions().all().get()).isEmpty();
                assertThat(admin.listTopics(new ListTopicsOptions().listInternal(true))
                                .names()
                                .get())
                        .doesNotContain("__transaction_state");
            }
            try (TempRelay sharing = started(
                    TempRelay.in(Files.createDirectory(folder.resolve("sharing")))
                            .of(ssm),
                    kafka.brokers())) {
                sharing.sync();
                awaitPublished(sharing);
                assertThat(outcomes(kafka.brokers(), sharing)).containsExactly("complete");
                assertThat(admin.listTransactions().all().get())
                        .extracting(TransactionListing::transactionalId)
                        .containsExactly(ID);
                new PublisherCheck(sharing.configuration().settings().kafka()).require(ID);
            }
        }
    }

    @Test
    void afterAnOutageOfKafkaEventsGoOutInOrder() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(broker);
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = started(relay(ssm), kafka.brokers())) {
            relay.sync();
            awaitPublished(relay);
            kafka.close();
            ssm.faults().set("forbidden", "resource", "licenses");
            relay.sync();
            await().atMost(Duration.ofMinutes(3))
                    .untilAsserted(() ->
                            assertThat(open(relay)).extracting(Incident::code).contains("LIC8001"));
            ssm.faults().clear();
            relay.sync();

            kafka = EmbeddedKafka.start(broker, kafka.port());
            awaitPublished(relay);
            assertThat(outcomes(kafka.brokers(), relay)).containsExactly("complete", "failed", "complete");
            assertThat(states(kafka.brokers(), relay, "LIC8001")).containsExactly("trigger", "resolve");
            assertThat(open(relay)).isEmpty();
        } finally {
            kafka.close();
        }
    }

    @Test
    void aRelayThatIsFencedTakesANewEpochAndReportsNoFailureOfKafka() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(broker);
                SsmSimulator ssm = simulator().start();
                TempRelay relay = started(relay(ssm), kafka.brokers());
                CapturedLog log = new CapturedLog(KafkaWatch.class)) {
            relay.sync();
            awaitPublished(relay);
            fence(kafka.brokers());
            relay.sync();
            awaitPublished(relay);

            assertThat(outcomes(kafka.brokers(), relay)).containsExactly("complete", "complete");
            assertThat(states(kafka.brokers(), relay, "LIC8001")).isEmpty();
            assertThat(open(relay)).isEmpty();
            assertThat(log.warnings()).hasSize(1);
            assertThat(log.warnings().get(0))
                    .startsWith("a batch was not published, because another relay may publish now (");
        }
    }

    @Test
    void aTransactionalIdThatIsNotAllowedIsAnIncidentUntilItIs() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("Kafka CA");
        Path ca = authority.writeTo(folder.resolve("kafka-ca.pem"));
        BrokerSecurity security =
                new BrokerSecurity(authority.server("127.0.0.1").issue(), "relay", PASSWORD);
        try (SecuredKafka kafka = SecuredKafka.start(broker, security, Map.of());
                SsmSimulator ssm = simulator().start();
                Admin admin = admin(kafka.brokers());
                TempRelay relay = created(relay(ssm).cluster(), kafka.brokers())) {
            AclBinding denied = new AclBinding(
                    new ResourcePattern(ResourceType.TRANSACTIONAL_ID, ID, PatternType.LITERAL),
                    new AccessControlEntry("User:relay", "*", AclOperation.ALL, AclPermissionType.DENY));
            admin.createAcls(List.of(denied)).all().get();
            relay.secured(kafka, ca, "relay", PASSWORD).start();
            PublisherCheck check =
                    new PublisherCheck(relay.configuration().settings().kafka());
            assertThatThrownBy(() -> check.require(ID))
                    .isInstanceOf(KafkaUnavailable.class)
                    .hasMessageContaining("denies access")
                    .hasMessageContaining(ID)
                    .hasMessageContaining("license-relay requirements");
            awaitOwner(relay);
            relay.sync();
            await().atMost(Duration.ofMinutes(3)).until(() -> !open(relay).isEmpty());
            assertThat(open(relay)).extracting(Incident::code).containsExactly("LIC8003");
            assertThat(outcomes(kafka.brokers(), relay)).isEmpty();

            admin.deleteAcls(List.of(denied.toFilter())).all().get();
            awaitPublished(relay);
            check.require(ID);
            assertThat(outcomes(kafka.brokers(), relay)).containsExactly("complete");
            assertThat(states(kafka.brokers(), relay, "LIC8003")).containsExactly("trigger", "resolve");
            assertThat(RealKafka.events(kafka.brokers(), relay.topic(Topic.FAILURES))
                            .get(0)
                            .at("/data/error/message")
                            .asText())
                    .contains("the transactional id " + ID, "ACLs");
        }
    }

    private static TempRelay created(TempRelay relay, String brokers) throws Exception {
        new TopicSetup(relay.brokers(brokers).configuration().settings()).ensure();
        return relay;
    }

    private static TempRelay started(TempRelay relay, String brokers) throws Exception {
        created(relay.cluster(), brokers).start();
        awaitOwner(relay);
        return relay;
    }

    private static void awaitOwner(TempRelay relay) {
        await().atMost(Duration.ofMinutes(1)).until(() -> Set.of("hq", Database.RELAY).stream()
                .allMatch(relay.relay().database()::owns));
    }

    private static void awaitPublished(TempRelay relay) {
        await().atMost(Duration.ofMinutes(3)).until(relay.relay().outbox()::isEmpty);
    }

    /** Takes an epoch as another relay with the same name would. */
    private static void fence(String brokers) {
        Map<String, Object> config = Map.of("bootstrap.servers", brokers, "transactional.id", ID);
        try (var other = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            other.initTransactions();
        }
    }

    private static List<Incident> open(TempRelay relay) {
        return relay.relay().database().read(tx -> relay.relay().incidents().open(tx));
    }

    private static List<String> outcomes(String brokers, TempRelay relay) {
        return RealKafka.events(brokers, relay.topic(Topic.SYNCS)).stream()
                .map(event -> event.at("/data/outcome").asText())
                .toList();
    }

    private static List<String> states(String brokers, TempRelay relay, String code) {
        return RealKafka.events(brokers, relay.topic(Topic.FAILURES)).stream()
                .filter(event -> event.at("/data/diagnosis").toString().contains(code))
                .map(event -> event.at("/data/state").asText())
                .toList();
    }

    private static Admin admin(String brokers) {
        return Admin.create(Map.of("bootstrap.servers", brokers));
    }
}
