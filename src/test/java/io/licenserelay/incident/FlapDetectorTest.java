package io.licenserelay.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentRecorder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FlapDetectorTest {
    private static final Place ACME = Place.site("hq").account("ACME");
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    @Test
    void theThirdRecoveryWithinADayKeepsTheIncidentOpenAndEveryTriggerIsPublishedImmediately() {
        failAndRecover(3);
        assertThat(published())
                .containsExactly(
                        "trigger false",
                        "resolve false",
                        "trigger false",
                        "resolve false",
                        "trigger false",
                        "update true");
        assertThat(recorder.open()).singleElement().satisfies(incident -> assertThat(incident.flapping())
                .isTrue());
    }

    @Test
    void aFlappingIncidentStaysOpenWithAnUpdatePerChange() {
        failAndRecover(5);
        List<String> published = published();
        assertThat(published.subList(4, published.size()))
                .containsExactly(
                        "trigger false", "update true", "update true", "update true", "update true", "update true");
        assertThat(recorder.open()).extracting(Incident::occurrences).containsExactly(3L);
        assertThat(recorder.open()).hasSize(1);
    }

    @Test
    void aFlappingIncidentIsResolvedAfterAHealthyDayByTheClockOrTheNextRun() {
        failAndRecover(3);
        recorder.events();
        recorder.timePasses(Duration.ofHours(24).minusSeconds(1));
        assertThat(published()).isEmpty();
        recorder.timePasses(Duration.ofSeconds(1));
        assertThat(published()).containsExactly("resolve true");
        assertThat(recorder.open()).isEmpty();

        failAndRecover(3);
        recorder.events();
        recorder.later(Duration.ofHours(24)).recovers(ACME, Flow.PULL);
        assertThat(published()).containsExactly("resolve true");
    }

    @Test
    void aRecoveryIsPublishedOnceWithSeverityInfoDespiteFurtherHealthyRuns() {
        failAndRecover(3);
        List<JsonNode> events = recorder.events();
        JsonNode update = events.get(events.size() - 1);
        assertThat(update.at("/data/state").asText()).isEqualTo("update");
        assertThat(update.at("/data/severity").asText()).isEqualTo("info");
        assertThat(update.at("/data/severityNumber").asInt()).isEqualTo(5);
        assertThat(update.at("/data/well").asBoolean()).isTrue();
        assertThat(update.at("/data/wellSince").asText())
                .isEqualTo(recorder.now().toString());
        assertThat(update.at("/data/summary").asText())
                .contains("hq/ACME: flapping, healthy since", "was: The server refuses the connection", "(LIC1003)");
        for (int run = 0; run < 23; run++) {
            recorder.later(HOUR).recovers(ACME, Flow.PULL);
        }
        assertThat(recorder.events()).isEmpty();
    }

    @Test
    void aRepeatedFailureHasTheSeverityOfItsCauseAndIsNotHealthy() {
        failAndRecover(3);
        recorder.events();
        recorder.later(HOUR).fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"));
        recorder.later(HOUR).fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"));
        List<JsonNode> events = recorder.events();
        assertThat(events).hasSize(1);
        JsonNode update = events.get(0).path("data");
        assertThat(update.path("severity").asText()).isEqualTo("error");
        assertThat(update.path("flapping").asBoolean()).isTrue();
        assertThat(update.has("well")).isFalse();
        assertThat(update.has("wellSince")).isFalse();
    }

    @Test
    void theSeverityDoesNotRiseWhileTheIncidentIsHealthy() {
        failAndRecover(3);
        recorder.events();
        recorder.timePasses(Duration.ofHours(23));
        assertThat(published()).isEmpty();
    }

    @Test
    void recoveriesOfAnotherDayDoNotCount() {
        failAndRecover(2);
        recorder.later(Duration.ofHours(25));
        failAndRecover(2);
        assertThat(published()).allMatch(event -> event.endsWith("false"));
        assertThat(recorder.open()).isEmpty();
    }

    private void failAndRecover(int times) {
        for (int i = 0; i < times; i++) {
            recorder.later(HOUR).fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"));
            recorder.later(HOUR).recovers(ACME, Flow.PULL);
        }
    }

    private List<String> published() {
        return recorder.events().stream()
                .map(event -> event.at("/data/state").asText() + " "
                        + event.at("/data/flapping").asBoolean())
                .toList();
    }
}
