package io.licenserelay.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.event.EventIds;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentRecorder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

public class IncidentsTest {
    private static final Place ACME = Place.site("hq").account("ACME");
    private static final String REFUSED = Findings.TCP_REFUSED;
    private static final String RATE_LIMITED = Findings.HTTP_RATE_LIMITED;

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    @Test
    void anIncidentHasOneTriggerItsUpdatesAndOneResolve() {
        Instant first = recorder.now();
        Incident trigger = recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.later(Duration.ofHours(1)).fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        recorder.later(Duration.ofHours(1)).fails(recorder.pull(ACME, Findings.ANSWER_HTML, "now a web page"));
        recorder.later(Duration.ofHours(1)).recovers(ACME, Flow.PULL);
        List<JsonNode> events = recorder.events();

        assertThat(states(events)).containsExactly("trigger", "update", "update", "resolve");
        for (int sequence = 0; sequence < events.size(); sequence++) {
            JsonNode event = events.get(sequence);
            assertThat(event.path("id").asText()).isEqualTo(EventIds.of("incident", trigger.id(), (long) sequence));
            assertThat(event.path("correlationid").asText()).isEqualTo(Long.toString(4711 + sequence));
            assertThat(event.at("/data/run/id").asText()).isEqualTo(Long.toString(4711 + sequence));
            assertThat(event.at("/data/firstSeenAt").asText()).isEqualTo(first.toString());
            assertThat(event.at("/data/dedupKey").asText()).isEqualTo("license-relay/hq/ACME/pull");
            assertThat(event.path("traceparent").asText()).isEqualTo(IncidentRecorder.TRACE);
        }
        assertThat(events.get(0).has("causationid")).isFalse();
        assertThat(events.subList(1, 4))
                .extracting(event -> event.path("causationid").asText())
                .containsOnly(trigger.triggerEvent());
        assertThat(events)
                .extracting(event -> event.at("/data/occurrences").asInt())
                .containsExactly(1, 2, 3, 3);
        assertThat(events.get(2).at("/data/diagnosis/code").asText())
                .isNotEqualTo(events.get(1).at("/data/diagnosis/code").asText());
        assertThat(recorder.open()).isEmpty();
    }

    @Test
    void anEventIsValidForThreeIntervalsAndAtLeast26Hours() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.runEvery(Duration.ofMinutes(15)).fails(recorder.pull(ACME.va("Default"), REFUSED, "refused"));
        assertThat(recorder.events())
                .extracting(event -> Instant.parse(event.at("/data/expiresAt").asText()))
                .containsExactly(
                        recorder.now().plus(Duration.ofDays(3)), recorder.now().plus(Duration.ofHours(26)));
    }

    @Test
    void anUnchangedFailureIsPublishedAgainOnlyIfFewerThanTwoIntervalsRemain() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.later(Duration.ofDays(1)).fails(recorder.pull(ACME, REFUSED, "refused at another time"));
        assertThat(states(recorder.events())).containsExactly("trigger");
        assertThat(recorder.open()).extracting(Incident::occurrences).containsExactly(2L);
        recorder.later(Duration.ofSeconds(1)).fails(recorder.pull(ACME, REFUSED, "refused"));
        JsonNode update = recorder.events().get(0).path("data");
        assertThat(update.path("state").asText()).isEqualTo("update");
        assertThat(update.path("occurrences").asInt()).isEqualTo(3);
        assertThat(update.path("expiresAt").asText())
                .isEqualTo(recorder.now().plus(Duration.ofDays(3)).toString());
    }

    @Test
    void aFailingPlaceAlwaysHasAValidEvent() {
        for (Duration interval : List.of(Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofDays(1))) {
            Place place = Place.site("every-" + interval.toMinutes());
            recorder.runEvery(interval);
            Duration days = Duration.ofDays(interval.toDays() == 0 ? 2 : 14);
            Instant expiry = recorder.now();
            int records = 0;
            for (Duration age = Duration.ZERO; age.compareTo(days) < 0; age = age.plus(interval)) {
                recorder.later(interval).fails(recorder.pull(place, REFUSED, "refused"));
                for (JsonNode event : recorder.events()) {
                    records++;
                    expiry = Instant.parse(event.at("/data/expiresAt").asText());
                }
                assertThat(expiry).isAfter(recorder.now().plus(interval));
            }
            System.out.printf(
                    "IncidentsTest: a failing place, one run per %s: %.2f record(s) per day for %d run(s)%n",
                    interval, 1.0 * records / days.toDays(), Duration.ofDays(1).dividedBy(interval));
            assertThat(records).isLessThanOrEqualTo((int) days.toDays() + 1);
            recorder.recovers(place, Flow.PULL);
            recorder.events();
        }
    }

    @Test
    void anotherReportOfTheSamePlaceIsPublishedAlthoughTheCauseIsTheSame() {
        recorder.failsBetweenRuns(recorder.push(ACME, "one.txt is not a report"));
        recorder.failsBetweenRuns(recorder.push(ACME, "two.txt is not a report"));
        recorder.fails(recorder.push(ACME, "two.txt is not a report"));
        assertThat(recorder.events())
                .extracting(event -> event.at("/data/error/message").asText())
                .containsExactly("one.txt is not a report", "two.txt is not a report");
    }

    @Test
    void anIncidentThatNoRunObservesIsPublishedAgainBeforeItsEventExpires() {
        recorder.failsBetweenRuns(recorder.push(ACME, "one.txt is not a report"));
        recorder.timePasses(Duration.ofDays(1));
        assertThat(states(recorder.events())).containsExactly("trigger");
        recorder.timePasses(Duration.ofHours(1));
        List<JsonNode> renewed = recorder.events();
        assertThat(states(renewed)).containsExactly("update");
        assertThat(renewed.get(0).at("/data/expiresAt").asText())
                .isEqualTo(recorder.now().plus(Duration.ofDays(3)).toString());
        assertThat(renewed.get(0).at("/data/occurrences").asInt()).isEqualTo(1);
    }

    @Test
    void occurrencesCountEachRunOnceAndNoObservationBetweenRuns() {
        recorder.failsBetweenRuns(recorder.push(ACME, "one.txt is not a report"));
        recorder.failsBetweenRuns(recorder.push(ACME, "two.txt is not a report"));
        recorder.fails(recorder.push(ACME, "two.txt is not a report"));
        recorder.failsAgainInTheSameRun(recorder.push(ACME, "three.txt is not a report"));
        assertThat(recorder.open()).extracting(Incident::occurrences).containsExactly(1L);
        recorder.fails(recorder.push(ACME, "four.txt is not a report"));
        List<JsonNode> events = recorder.events();
        assertThat(events)
                .extracting(event -> event.at("/data/occurrences").asInt())
                .containsExactly(1, 1, 1, 2);
        assertThat(severities(events)).containsOnly("warning 4");
    }

    @Test
    void syncsOfAnOperatorAreCountedAndDoNotRaiseTheSeverity() {
        for (int sync = 0; sync < 5; sync++) {
            recorder.failsForAnOperator(recorder.pull(ACME, RATE_LIMITED, "429"));
        }
        assertThat(recorder.open()).extracting(Incident::occurrences).containsExactly(5L);
        recorder.fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        recorder.fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        assertThat(severities(recorder.events())).containsExactly("warning 4");
        recorder.fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        assertThat(severities(recorder.events())).containsExactly("error 2");
    }

    @Test
    void aResolveContainsCauseAndTimesAndClearsTheSeverity() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.later(Duration.ofMinutes(90));
        assertThat(recorder.recovers(ACME, Flow.PULL)).isPresent();
        JsonNode resolve = recorder.events().get(1).path("data");
        assertThat(resolve.path("severityNumber").asInt()).isZero();
        assertThat(resolve.path("summary").asText()).startsWith("hq/ACME: recovered, was: hq/ACME: ");
        assertThat(resolve.at("/diagnosis/code").asText()).matches("LIC\\d{4}");
        assertThat(resolve.path("resolvedAt").asText()).isEqualTo(recorder.now().toString());
        assertThat(resolve.path("wellSince").asText()).isEqualTo(recorder.now().toString());
        assertThat(resolve.path("durationSeconds").asLong()).isEqualTo(5400);
    }

    @Test
    void aResolveRepeatsNeitherTheDiagnosisNorTheEvidence() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"), log("ssm", List.of("one", "two")));
        recorder.recovers(ACME, Flow.PULL);
        JsonNode resolve = recorder.events().get(1).path("data");
        assertThat(resolve.path("diagnosis").fieldNames())
                .toIterable()
                .containsExactly("code", "title", "owner", "doc");
        assertThat(resolve.fieldNames())
                .toIterable()
                .doesNotContain("evidence", "error", "impact", "changed", "expiresAt", "dataref");
        assertThat(resolve.toString()).hasSizeLessThan(1500);
    }

    @Test
    void aPlaceThatIsNoLongerMonitoredIsResolvedAndNotReportedAsHealthy() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.stopsMonitoring(ACME, "the site left relay.yaml");
        JsonNode resolve = recorder.events().get(1).path("data");
        assertThat(resolve.path("resolvedBecause").asText()).isEqualTo("the site left relay.yaml");
        assertThat(resolve.has("wellSince")).isFalse();
    }

    @Test
    void onlyTheUpdateWithTheNewCauseContainsTheChangeOfCause() {
        Incident first = recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        Incident second = recorder.fails(recorder.pull(ACME, Findings.ANSWER_HTML, "now a web page"));
        recorder.later(Duration.ofHours(73));
        recorder.fails(recorder.pull(ACME, Findings.ANSWER_HTML, "a web page"));
        recorder.recovers(ACME, Flow.PULL);
        List<JsonNode> events = recorder.events();
        assertThat(events).hasSize(4);
        JsonNode changed = events.get(1).at("/data/causeChanged");
        assertThat(changed.path("from").asText()).isEqualTo(first.code());
        assertThat(changed.path("to").asText()).isEqualTo(second.code());
        events.remove(1);
        assertThat(events).noneMatch(event -> event.path("data").has("causeChanged"));
    }

    @Test
    void aHealthyPlaceIsNotResolvedAgain() {
        assertThat(recorder.recovers(ACME, Flow.PULL)).isEmpty();
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.recovers(ACME, Flow.PULL);
        assertThat(recorder.recovers(ACME, Flow.PULL)).isEmpty();
        assertThat(states(recorder.events())).containsExactly("trigger", "resolve");
    }

    @Test
    void aLaterFailureOfAPlaceIsANewIncident() {
        Incident first = recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.recovers(ACME, Flow.PULL);
        Incident second = recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.occurrences()).isEqualTo(1);
        assertThat(recorder.events())
                .extracting(event -> event.path("id").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void eachPlaceAndFlowHasASeparateIncident() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.fails(recorder.pull(ACME.va("Default"), REFUSED, "refused"));
        assertThat(recorder.recovers(ACME, Flow.COMPLIANCE)).isEmpty();
        recorder.recovers(ACME, Flow.PULL);
        assertThat(recorder.open()).extracting(Incident::place).containsExactly(ACME.va("Default"));
    }

    @Test
    void aWarningInThreeRunsBecomesAnError() {
        for (int run = 0; run < 3; run++) {
            recorder.later(Duration.ofMinutes(1)).fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        }
        assertThat(severities(recorder.events())).containsExactly("warning 4", "error 2");
    }

    @Test
    void aWarningThatIsOlderThanThreeDaysBecomesAnError() {
        recorder.fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        recorder.later(Duration.ofHours(72).plusSeconds(1)).fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        assertThat(severities(recorder.events())).containsExactly("warning 4", "error 2");
    }

    @Test
    void onlyTheCausesOfTheNewestRunAreActive() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        Incident second = recorder.fails(recorder.pull(ACME, RATE_LIMITED, "429"));
        assertThat(activeCauses()).containsExactly(second.code());
        recorder.recovers(ACME, Flow.PULL);
        assertThat(activeCauses()).isEmpty();
    }

    @Test
    void theFullEvidenceIsStoredWithItsDigest() throws Exception {
        List<String> lines = List.of("one", "two", "drei ü 日本 😀");
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"), log("ssm", lines));
        recorder.later(Duration.ofDays(2)).fails(recorder.pull(ACME, REFUSED, "refused"), log("ssm", lines));
        List<Map<String, Object>> stored = recorder.database()
                .read(tx -> tx.createQuery("SELECT * FROM evidence ORDER BY sequence")
                        .mapToMap()
                        .list());
        assertThat(stored).hasSize(2);
        for (Map<String, Object> row : stored) {
            String body = String.valueOf(row.get("body"));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            assertThat(row.get("sha256")).isEqualTo(HexFormat.of().formatHex(digest));
            assertThat(body).contains(lines).contains("\"method\":\"POST\"");
        }
    }

    @Test
    void noSecretIsInAnEventOrInTheDatabase() throws Exception {
        List<String> key = List.of(
                "-----BEGIN PRIVATE KEY-----",
                "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "-----END PRIVATE KEY-----");
        recorder.fails(
                recorder.failure(
                        ACME,
                        List.of(),
                        REFUSED,
                        "bad " + IncidentRecorder.SECRET,
                        "client_secret=" + IncidentRecorder.SECRET),
                log("ssm", key));
        recorder.recovers(ACME, Flow.PULL);
        String publishedText = recorder.published().toString();
        assertThat(publishedText)
                .doesNotContain(IncidentRecorder.SECRET)
                .doesNotContain("MIGHAgEAMBMG")
                .doesNotContain("aaaaaaaaaa")
                .contains("bad ");
        String stored = recorder.database()
                .<List<String>>read(
                        tx -> tx.createQuery("SELECT body FROM evidence UNION ALL SELECT last_data FROM incident"
                                        + " UNION ALL SELECT summary FROM incident")
                                .mapTo(String.class)
                                .list())
                .toString();
        assertThat(stored)
                .doesNotContain(IncidentRecorder.SECRET)
                .doesNotContain("aaaaaaaaaa")
                .contains("bad ");
    }

    @Test
    void aTooLongKeyEndsInAHashAndIsTheSameInAllFields() {
        Place one = Place.site("hq").account("会社".repeat(40)).va("büro 😀".repeat(30));
        Place other = one.va("büro 😀".repeat(30) + "x");
        recorder.fails(recorder.pull(one, REFUSED, "refused"));
        recorder.fails(recorder.pull(other, REFUSED, "refused"));
        recorder.recovers(one, Flow.PULL);
        List<OutboxRecord> records = recorder.published();
        assertThat(records).hasSize(3);
        for (OutboxRecord record : records) {
            assertThat(record.key()).hasSizeLessThanOrEqualTo(255).startsWith("license-relay/hq/%E4%BC%9A");
            assertThat(record.key()).matches("([\\w./-]|%[0-9A-F]{2})+~[0-9a-f]{1,16}/pull");
            JsonNode event = IncidentRecorder.json(record);
            assertThat(event.at("/data/dedupKey").asText()).isEqualTo(record.key());
            assertThat(event.path("subject").asText()).isEqualTo(record.key());
        }
        assertThat(records.get(0).key()).isNotEqualTo(records.get(1).key());
    }

    @Test
    void relaysThatShareOneKafkaDoNotResolveEachOthersOwnIncidents() {
        recorder.fails(recorder.pull(Place.relay(), REFUSED, "refused"));
        recorder.recovers(Place.relay(), Flow.PULL);
        assertThat(recorder.published())
                .extracting(OutboxRecord::key)
                .containsOnly("license-relay/relay/relay-eu/pull")
                .hasSize(2);
    }

    @Test
    void everyEventNamesItsRelayAndItsSourceBeginsWithThatName() {
        recorder.fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.later(Duration.ofHours(73)).fails(recorder.pull(ACME, REFUSED, "refused"));
        recorder.recovers(ACME, Flow.PULL);
        assertThat(recorder.events()).hasSize(3).allSatisfy(event -> {
            assertThat(event.at("/data/relay")).isEqualTo(IncidentRecorder.RELAY.toJson());
            assertThat(event.path("source").asText()).isEqualTo("/relay-eu/hq/ACME");
        });
    }

    @Test
    void aSummaryIsOneLineOfAtMost1024Characters() {
        Place place = ACME.va("line\nbreak\u2028 " + "😀".repeat(700));
        recorder.fails(recorder.pull(place, REFUSED, "refused"));
        recorder.recovers(place, Flow.PULL);
        for (JsonNode event : recorder.events()) {
            String summary = event.at("/data/summary").asText();
            assertThat(summary).hasSizeLessThanOrEqualTo(1024).doesNotContainPattern("[\\p{Cntrl}\u2028]");
            assertThat(summary).doesNotContain("?").doesNotContain("\uFFFD");
        }
    }

    public static LogExcerpt log(String source, List<String> lines) {
        return new LogExcerpt(source, "/var/log/" + source, lines, null, null, false, null);
    }

    private List<String> activeCauses() {
        return recorder.database().read(tx -> tx.createQuery("SELECT code FROM incident_cause WHERE is_active = 1")
                .mapTo(String.class)
                .list());
    }

    private static List<String> states(List<JsonNode> events) {
        return events.stream().map(event -> event.at("/data/state").asText()).toList();
    }

    private static List<String> severities(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.at("/data/severity").asText() + " "
                        + event.at("/data/severityNumber").asInt())
                .toList();
    }
}
