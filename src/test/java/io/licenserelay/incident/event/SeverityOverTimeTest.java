package io.licenserelay.incident.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.EventIds;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SeverityOverTimeTest {
    private static final Place ACME = Place.site("hq").account("ACME");
    private static final Duration THREE_DAYS = Duration.ofHours(72);

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    @Test
    void aWarningBecomesAnErrorAfterThreeDaysWithoutAnotherRun() {
        failWithWarning();
        recorder.timePasses(THREE_DAYS);
        assertThat(published()).containsExactly("trigger warning 4 1");
        recorder.timePasses(Duration.ofSeconds(1));
        assertThat(published()).containsExactly("update error 2 1");
        assertThat(recorder.open()).singleElement().satisfies(incident -> assertThat(incident.severity())
                .isEqualTo(Severity.ERROR));
    }

    @Test
    void aRaisedSeverityIsPublishedOnce() {
        failWithWarning();
        recorder.timePasses(THREE_DAYS.plusSeconds(1)).timePasses(Duration.ofMinutes(1));
        recorder.timePasses(Duration.ofDays(300));
        assertThat(published()).containsExactly("trigger warning 4 1", "update error 2 1");
    }

    @Test
    void anIncidentIsCriticalWithinSevenDaysOfItsDeadline() {
        Instant deadline = recorder.now().plus(Duration.ofDays(8));
        recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"), Severity.ERROR, deadline);
        recorder.timePasses(Duration.ofDays(1));
        assertThat(published()).containsExactly("trigger error 2 1");
        recorder.timePasses(Duration.ofSeconds(1));
        assertThat(published()).containsExactly("update critical 1 1");
    }

    @Test
    void settingTheClockForwardRaisesNoSeverity() {
        Instant deadline = recorder.now().plus(Duration.ofDays(10));
        recorder.fails(recorder.pull(ACME, Findings.HTTP_RATE_LIMITED, "429"), Severity.WARNING, deadline);
        recorder.clockSetForward(Duration.ofDays(4));
        recorder.timePasses(Duration.ofHours(1));
        recorder.fails(recorder.pull(ACME, Findings.HTTP_RATE_LIMITED, "429"), Severity.WARNING, deadline);
        assertThat(recorder.open()).extracting(Incident::severity).containsExactly(Severity.WARNING);
        recorder.timePasses(THREE_DAYS);
        assertThat(recorder.open()).extracting(Incident::severity).containsExactly(Severity.CRITICAL);
    }

    @Test
    void theUpdateIsTheNextEventWithAllEarlierData() {
        Incident trigger = failWithWarning();
        recorder.timePasses(THREE_DAYS.plusSeconds(1));
        Instant raisedAt = recorder.now();
        recorder.later(Duration.ofHours(1)).recovers(ACME, Flow.PULL);
        List<JsonNode> events = recorder.events();
        JsonNode update = events.get(1);
        assertThat(events)
                .extracting(event -> event.path("id").asText())
                .containsExactly(
                        EventIds.of("incident", trigger.id(), 0L),
                        EventIds.of("incident", trigger.id(), 1L),
                        EventIds.of("incident", trigger.id(), 2L));
        assertThat(update.path("causationid").asText()).isEqualTo(trigger.triggerEvent());
        assertThat(update.at("/data/expiresAt").asText())
                .isEqualTo(raisedAt.plus(Duration.ofDays(3)).toString());
        assertThat(update.at("/data/run/cause").asText()).isEqualTo("clock");
        for (String same : List.of("diagnosis", "evidence", "firstSeenAt", "dedupKey", "summary", "error", "impact")) {
            assertThat(update.path("data").path(same))
                    .as(same)
                    .isEqualTo(events.get(0).path("data").path(same));
        }
    }

    @Test
    void theNextFailedRunKeepsTheRaisedSeverity() {
        failWithWarning();
        recorder.timePasses(THREE_DAYS.plusSeconds(1));
        failWithWarning();
        assertThat(published()).containsExactly("trigger warning 4 1", "update error 2 1");
        assertThat(recorder.open()).singleElement().satisfies(incident -> {
            assertThat(incident.severity()).isEqualTo(Severity.ERROR);
            assertThat(incident.occurrences()).isEqualTo(2);
        });
    }

    @Test
    void aResolvedIncidentIsNeverRaised() {
        failWithWarning();
        recorder.recovers(ACME, Flow.PULL);
        recorder.timePasses(Duration.ofDays(30));
        assertThat(recorder.events())
                .extracting(event -> event.at("/data/state").asText())
                .containsExactly("trigger", "resolve");
    }

    @Test
    void severityInfoIsNotRaisedByRunsOrTime() {
        for (int run = 0; run < 4; run++) {
            recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"), Severity.INFO, null);
        }
        recorder.timePasses(Duration.ofDays(30));
        recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"), Severity.INFO, null);
        assertThat(published()).containsExactly("trigger info 5 1", "update info 5 5");
    }

    @Test
    void aDeadlineRaisesEvenSeverityInfo() {
        recorder.fails(
                recorder.pull(ACME, Findings.TCP_REFUSED, "refused"),
                Severity.INFO,
                recorder.now().plus(Duration.ofDays(8)));
        recorder.timePasses(Duration.ofDays(2));
        assertThat(published()).containsExactly("trigger info 5 1", "update critical 1 1");
    }

    private Incident failWithWarning() {
        return recorder.fails(recorder.pull(ACME, Findings.HTTP_RATE_LIMITED, "429"), Severity.WARNING, null);
    }

    /** State, severity, its number, and the number of runs that observed the incident. */
    private List<String> published() {
        return recorder.events().stream()
                .map(event -> event.path("data"))
                .map(data -> data.path("state").asText() + " "
                        + data.path("severity").asText() + " "
                        + data.path("severityNumber").asInt() + " "
                        + data.path("occurrences").asInt())
                .toList();
    }
}
