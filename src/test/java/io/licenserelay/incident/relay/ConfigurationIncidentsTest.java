package io.licenserelay.incident.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.Outbox;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentRecorder;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.redact.Redactor;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One incident says which node refuses its configuration, and which nodes differ, for as long as that is so. */
class ConfigurationIncidentsTest {
    private static final String PROBLEM =
            "config/sites.d/berlin.yaml:7: ssm.url has no value; write ssm.url: https://…";

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    private final Set<String> seen = new HashSet<>(Set.of("relay-1", "relay-2"));
    private final List<SiteDifference> differences = new ArrayList<>();

    /** Those that may not last yet. */
    private final List<SiteDifference> recent = new ArrayList<>();

    private JsonNode newest = MissingNode.getInstance();

    @Test
    void aRefusedConfigurationIsOneIncidentUntilAValidOneIsAccepted() {
        ConfigurationIncidents watch = watch("relay-1");
        watch.refused(PROBLEM + "\nconfig/relay.yaml:3: unknown key \"sitez\"; did you mean \"sites\"?\n");
        watch.check();
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8008 error relay");
        assertThat(message())
                .contains("relay-1 does not use all of its changed configuration")
                .contains("config/sites.d/berlin.yaml:7: ssm.url has no value")
                .contains("; config/relay.yaml:3: unknown key");
        watch.accepted();
        watch.accepted();
        assertThat(published()).containsExactly("resolve LIC8008 info relay");
    }

    @Test
    void otherProblemsAreAnUpdate() {
        ConfigurationIncidents watch = watch("relay-1");
        watch.refused(PROBLEM);
        watch.refused("config/relay.yaml:9: other problem; correct it");
        assertThat(published()).containsExactly("trigger LIC8008 error relay", "update LIC8008 error relay");
    }

    @Test
    void noSecretOfAProblemIsStoredOrPublished() {
        ConfigurationIncidents watch = watch("relay-1");
        watch.refused("config/relay.yaml:9: \"" + IncidentRecorder.SECRET + "\" is not a valid name; use letters");
        List<String> stored = recorder.database()
                .read(tx -> tx.createQuery("SELECT problems FROM refused_configuration")
                        .mapTo(String.class)
                        .list());
        assertThat(stored).hasSize(1).noneMatch(text -> text.contains(IncidentRecorder.SECRET));
        assertThat(recorder.events().toString()).doesNotContain(IncidentRecorder.SECRET);
    }

    @Test
    void aProblemOfAnyLengthIsBounded() {
        watch("relay-1").refused("x".repeat(100_000));
        assertThat(published()).containsExactly("trigger LIC8008 error relay");
        assertThat(message()).hasSizeLessThan(2_100);
    }

    /** The process starts only with a valid configuration. */
    @Test
    void aRestartWithAValidConfigurationResolvesTheIncidentOfTheLastProcess() {
        watch("relay-1").refused(PROBLEM);
        watch("relay-1").check();
        assertThat(published()).containsExactly("trigger LIC8008 error relay", "resolve LIC8008 info relay");
    }

    @Test
    void theRefusalOfANodeIsReportedByTheRelayThatReportsAndResolvedSomeTimeAfterTheNodeHasEnded() {
        ConfigurationIncidents reporter = watch("relay-1");
        reporter.check();
        watch("relay-2").refused(PROBLEM);
        reporter.check();
        assertThat(published()).containsExactly("trigger LIC8008 error relay");
        assertThat(message()).contains("relay-2 does not use all of its changed configuration");
        seen.remove("relay-2");
        reporter.check();
        reporter.check();
        assertThat(published()).containsExactly("resolve LIC8008 info relay");
        assertThat(recorder.database().<Integer>read(tx -> tx.createQuery("SELECT COUNT(*) FROM refused_configuration")
                        .mapTo(Integer.class)
                        .one()))
                .isZero();
    }

    @Test
    void nodesThatDifferAreNamedWithTheirSitesAndWhoIsOlder() {
        ConfigurationIncidents watch = watch("relay-1");
        differences.add(difference("hq"));
        watch.check();
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8009 warning relay");
        assertThat(message())
                .contains("hq: relay-2 has the newest configuration (22222222); relay-1 has an older one (11111111);"
                        + " relay-3 does not have the site");
        differences.add(difference("berlin"));
        watch.check();
        assertThat(published()).containsExactly("update LIC8009 warning relay");
        differences.clear();
        watch.check();
        assertThat(published()).containsExactly("resolve LIC8009 info relay");
    }

    /** A relay that begins to report, also after it lost its session, has observed nothing for long. */
    @Test
    void aReportedDifferenceIsResolvedOnlyWhenItIsOver() {
        differences.add(difference("hq"));
        watch("relay-1").check();
        assertThat(published()).containsExactly("trigger LIC8009 warning relay");
        differences.clear();
        recent.add(difference("hq"));
        ConfigurationIncidents successor = watch("relay-2");
        successor.check();
        assertThat(published()).isEmpty();
        recent.clear();
        successor.check();
        assertThat(published()).containsExactly("resolve LIC8009 info relay");
    }

    @Test
    void theSameProblemsAreNotReportedAgain() {
        MovableClock clock = new MovableClock();
        ConfigurationIncidents watch = new ConfigurationIncidents(
                recorder.database(), reporter(), new Nodes(), Redactor.of(List.of()), "relay-1", clock);
        watch.refused(PROBLEM);
        assertThat(published()).hasSize(1);
        clock.forward(Duration.ofMinutes(1));
        watch.refused(PROBLEM);
        watch.check();
        assertThat(published()).isEmpty();
    }

    @Test
    void aThousandDifferentSitesAreCounted() {
        for (int number = 0; number < 1_000; number++) {
            differences.add(difference("site-" + number));
        }
        ConfigurationIncidents watch = watch("relay-1");
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8009 warning relay");
        assertThat(message()).endsWith("and 990 further sites").doesNotContain("site-10:");
    }

    /** The refusal explains the difference, so it is the cause; what remains becomes the cause later. */
    @Test
    void bothAreOneIncidentAndWhatIsLeftGoesOn() {
        ConfigurationIncidents watch = watch("relay-1");
        differences.add(difference("hq"));
        watch.refused(PROBLEM);
        assertThat(published()).containsExactly("trigger LIC8008 error relay");
        watch.accepted();
        assertThat(published()).containsExactly("update LIC8009 warning relay");
        differences.clear();
        watch.check();
        assertThat(published()).containsExactly("resolve LIC8009 info relay");
    }

    @Test
    void aReportWaitsWhileAnotherCauseIsOpen() {
        recorder.failsBetweenRuns(kafkaUnreachable());
        ConfigurationIncidents watch = watch("relay-1");
        watch.refused(PROBLEM);
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8001 warning relay");
        watch.accepted();
        assertThat(published())
                .as("it is not the incident of the configuration")
                .isEmpty();
        watch.refused(PROBLEM);
        recorder.recovers(Place.relay(), Flow.RELAY);
        watch.check();
        assertThat(published()).containsExactly("resolve LIC8001 info relay", "trigger LIC8008 error relay");
    }

    /** A bad file may stay for days; what happens meanwhile must not be hidden. */
    @Test
    void anOutageReplacesAnOpenRefusalAndTheRefusalIsReportedAgainAfterwards() {
        ConfigurationIncidents watch = watch("relay-1");
        watch.refused(PROBLEM);
        StoreWatch store = new StoreWatch(recorder.database(), reporter());
        store.check();
        store.failed(new IllegalStateException("database or disk is full"));
        store.check();
        assertThat(published())
                .containsExactly(
                        "trigger LIC8008 error relay", "update LIC8002 critical relay", "resolve LIC8002 info relay");
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8008 error relay");
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8008");
    }

    @Test
    void kafkaThatAcceptsEventsResolvesNoRefusal() {
        ConfigurationIncidents watch = watch("relay-1");
        watch.refused(PROBLEM);
        Outbox outbox = new Outbox(recorder.database(), new LicenseEvents(), clock(), () -> {});
        KafkaWatch kafka = new KafkaWatch(recorder.database(), reporter(), outbox);
        kafka.back(List.of());
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8008");
        kafka.unreachable(new IllegalStateException("no broker answers"), List.of());
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8001");
        watch.check();
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8001");
        kafka.back(List.of());
        assertThat(recorder.open()).isEmpty();
        watch.check();
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8008");
    }

    private static SiteDifference difference(String site) {
        return new SiteDifference(
                site,
                "2222222222222222",
                new TreeSet<>(Set.of("relay-2")),
                new TreeMap<>(Map.of("relay-1", "1111111111111111")),
                new TreeSet<>(Set.of("relay-3")));
    }

    private Failure kafkaUnreachable() {
        List<Finding> findings = List.of(new Finding(Findings.KAFKA_UNREACHABLE, "no broker answers"));
        return Failure.of(Place.relay(), Flow.RELAY, Step.PUBLISH, findings, null, recorder.now());
    }

    /** A process of the node. */
    private ConfigurationIncidents watch(String node) {
        return new ConfigurationIncidents(
                recorder.database(),
                reporter(),
                new Nodes(),
                Redactor.of(List.of(IncidentRecorder.SECRET.toCharArray())),
                node,
                clock());
    }

    private IncidentReporter reporter() {
        return new IncidentReporter(Rules.packed(), recorder.incidents(), clock());
    }

    private Clock clock() {
        return Clock.fixed(recorder.now(), ZoneOffset.UTC);
    }

    private final class Nodes implements NodeConfigurations {
        @Override
        public Set<String> seenWithin(Duration time) {
            assertThat(time).isEqualTo(ConfigurationIncidents.ENDED);
            return Set.copyOf(seen);
        }

        @Override
        public List<SiteDifference> differences(Duration lasting) {
            assertThat(lasting).isIn(ConfigurationIncidents.LASTING, Duration.ZERO);
            return lasting.isZero() ? List.copyOf(recent) : List.copyOf(differences);
        }

        @Override
        public boolean agreed(String site) {
            return differences.stream().noneMatch(each -> each.site().equals(site));
        }

        @Override
        public boolean isElsewhere(String site) {
            return false;
        }
    }

    /** Of the newest event. */
    private String message() {
        return newest.at("/data/error/message").asText();
    }

    private List<String> published() {
        List<JsonNode> events = recorder.events();
        if (!events.isEmpty()) {
            newest = events.get(events.size() - 1);
        }
        return events.stream()
                .map(event -> event.at("/data/state").asText() + " "
                        + event.at("/data/diagnosis/code").asText() + " "
                        + event.at("/data/severity").asText() + " "
                        + event.at("/data/diagnosis/owner").asText())
                .toList();
    }
}
