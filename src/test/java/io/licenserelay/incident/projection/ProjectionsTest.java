package io.licenserelay.incident.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Projection;
import io.licenserelay.config.site.Settings;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.incident.event.IncidentRecorder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks each projection against the published rules of its system: required fields, limits, enumerations, formats. */
class ProjectionsTest {
    private static final Place ACME = Place.site("hq").account("ACME");
    private static final Map<Projection, String> ALL =
            Map.of(Projection.PAGERDUTY, "pd", Projection.SERVICENOW, "sn", Projection.ALERTMANAGER, "am");

    @RegisterExtension
    final IncidentRecorder recorder =
            new IncidentRecorder().projections(new Settings.Projections(ALL, "R0123456789ABCDEF"));

    @Test
    void aDisabledProjectionIsNotPublished() {
        recorder.projections(Settings.Projections.NONE);
        recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"));
        assertThat(recorder.published()).hasSize(1);
    }

    @Test
    void everyProjectionHasTheKeyOfItsIncidentAndTheIdOfItsEvent() {
        recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"));
        List<OutboxRecord> records = recorder.published();
        assertThat(records).extracting(OutboxRecord::topic).containsExactlyInAnyOrder("failures", "pd", "sn", "am");
        assertThat(records).extracting(OutboxRecord::key).containsOnly("license-relay/hq/ACME/pull");
        assertThat(records)
                .extracting(each -> each.headers().get("message_uuid"))
                .doesNotContainNull()
                .hasSize(4);
        assertThat(records.stream()
                        .map(each -> each.headers().get("message_uuid"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void pagerDutyGetsATriggerForEveryEventUntilTheResolveOfTheSameKey() throws Exception {
        recordWarningErrorAndRecovery();
        List<JsonNode> bodies = bodies("pd");
        assertThat(bodies)
                .extracting(each -> each.path("event_action").asText())
                .containsExactly("trigger", "trigger", "resolve");
        for (JsonNode body : bodies) {
            JsonNode payload = body.path("payload");
            assertThat(body.path("routing_key").asText()).isEqualTo("R0123456789ABCDEF");
            assertThat(body.path("dedup_key").asText())
                    .isEqualTo("license-relay/hq/ACME/pull")
                    .hasSizeLessThan(256);
            assertThat(payload.path("summary").asText()).isNotBlank().hasSizeLessThan(1025);
            assertThat(payload.path("source").asText()).isNotBlank();
            assertThat(payload.path("severity").asText()).isIn("critical", "error", "warning", "info");
            assertThat(Instant.parse(payload.path("timestamp").asText())).isNotNull();
            assertThat(List.of("component", "group", "class"))
                    .allMatch(name -> !payload.path(name).asText().isBlank());
            boolean resolve = body.path("event_action").asText().equals("resolve");
            assertThat(payload.at("/custom_details/" + (resolve ? "resolvedBecause" : "next_step"))
                            .asText())
                    .isNotBlank();
            assertThat(body.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(512 * 1024);
        }
    }

    @Test
    void withoutARoutingKeyTheFieldIsOmitted() throws Exception {
        recorder.projections(new Settings.Projections(Map.of(Projection.PAGERDUTY, "pd"), null));
        recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"));
        JsonNode body = IncidentRecorder.json(recorder.published().get(1));
        assertThat(body.has("routing_key")).isFalse();
        assertThat(body.path("event_action").asText()).isEqualTo("trigger");
    }

    @Test
    void aHealthyFlappingIncidentIsNotSentToPagerDutyAndHasSeverityInfoElsewhere() throws Exception {
        for (int turn = 0; turn < 3; turn++) {
            recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"));
            recorder.later(Duration.ofMinutes(10)).recovers(ACME, Flow.PULL);
        }
        List<OutboxRecord> records = recorder.published();
        assertThat(bodies("pd", records))
                .extracting(each -> each.path("event_action").asText())
                .containsExactly("trigger", "resolve", "trigger", "resolve", "trigger");
        List<JsonNode> now = bodies("sn", records);
        assertThat(now.get(now.size() - 1).at("/records/0/severity").asText()).isEqualTo("5");
        assertThat(now.get(now.size() - 1).at("/records/0/resolution_state").asText())
                .isEqualTo("New");
        List<JsonNode> alerts = bodies("am", records);
        assertThat(alerts.get(alerts.size() - 1))
                .extracting(alert -> alert.at("/labels/severity").asText())
                .containsExactly("error", "info");
    }

    @Test
    void serviceNowGetsStateNewUntilTheStateClosingWithSeverityZero() throws Exception {
        recordWarningErrorAndRecovery();
        List<JsonNode> records =
                bodies("sn").stream().map(body -> body.at("/records/0")).toList();
        assertThat(records)
                .extracting(each -> each.path("resolution_state").asText() + " "
                        + each.path("severity").asText())
                .containsExactly("New 4", "New 2", "Closing 0");
        for (JsonNode record : records) {
            assertThat(record.path("message_key").asText()).isEqualTo("license-relay/hq/ACME/pull");
            assertThat(record.path("time_of_event").asText()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
            assertThat(List.of("source", "event_class", "node", "resource", "metric_name", "type", "description"))
                    .allMatch(name -> record.path(name).isTextual()
                            && !record.path(name).asText().isBlank());
            assertThat(new ObjectMapper()
                            .readTree(record.path("additional_info").asText())
                            .path("code")
                            .asText())
                    .isEqualTo("LIC1003");
        }
    }

    @Test
    void alertmanagerGetsOneAlertPerSeverityAndTheResolveEndsTheLast() throws Exception {
        recordWarningErrorAndRecovery();
        List<JsonNode> bodies = bodies("am");
        JsonNode trigger = bodies.get(0).get(0);
        JsonNode ended = bodies.get(1).get(0);
        JsonNode raised = bodies.get(1).get(1);
        JsonNode resolved = bodies.get(2).get(0);
        assertThat(bodies).extracting(JsonNode::size).containsExactly(1, 2, 1);
        assertThat(ended.path("labels")).isEqualTo(trigger.path("labels"));
        assertThat(ended.path("endsAt").asText())
                .isEqualTo(recorder.now().minus(Duration.ofHours(1)).toString());
        assertThat(trigger.at("/labels/severity").asText()).isEqualTo("warning");
        assertThat(raised.at("/labels/severity").asText()).isEqualTo("error");
        assertThat(resolved.path("labels")).isEqualTo(raised.path("labels"));
        assertThat(resolved.path("endsAt").asText()).isEqualTo(recorder.now().toString());
        for (JsonNode alert : List.of(trigger, ended, raised, resolved)) {
            assertThat(alert.path("labels").properties())
                    .allMatch(label -> label.getKey().matches("[a-zA-Z_][a-zA-Z0-9_]*")
                            && !label.getValue().asText().isEmpty());
            assertThat(alert.at("/labels/alertname").asText()).isEqualTo("LicenseRelay");
            assertThat(alert.path("annotations").properties())
                    .allMatch(each -> each.getValue().isTextual());
            assertThat(Instant.parse(alert.path("endsAt").asText()))
                    .isAfterOrEqualTo(Instant.parse(alert.path("startsAt").asText()));
        }
    }

    @Test
    void everyBodyContainsTheRelayAndTheLabelsOfTheSite() throws Exception {
        recorder.site(TestSite.at("https://ssm.example.net:8443").site());
        recordWarningErrorAndRecovery();
        List<OutboxRecord> records = recorder.published();
        for (OutboxRecord record : records) {
            JsonNode body = IncidentRecorder.json(record);
            JsonNode details =
                    switch (record.topic()) {
                        case "pd" -> body.at("/payload/custom_details");
                        case "sn" ->
                            new ObjectMapper()
                                    .readTree(body.at("/records/0/additional_info")
                                            .asText());
                        case "am" -> body.path(0).path("annotations");
                        default -> null;
                    };
            if (details != null) {
                assertThat(details.path("relay").asText()).as(record.topic()).isEqualTo("relay-eu");
                assertThat(details.path("relay_host").asText()).isEqualTo("relay1.example.net");
                assertThat(details.path("relay_version").asText()).isEqualTo("1.0");
                JsonNode labels = record.topic().equals("am") ? body.path(0).path("labels") : details.path("labels");
                assertThat(labels.path("team").asText()).isEqualTo("network");
            }
        }
    }

    /** A warning, an hour later an error, and an hour later a recovery. */
    private void recordWarningErrorAndRecovery() {
        recorder.fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"), Severity.WARNING, null);
        recorder.later(Duration.ofHours(1))
                .fails(recorder.pull(ACME, Findings.TCP_REFUSED, "refused"), Severity.ERROR, null);
        recorder.later(Duration.ofHours(1)).recovers(ACME, Flow.PULL);
    }

    private List<JsonNode> bodies(String topic) throws JsonProcessingException {
        return bodies(topic, recorder.published());
    }

    private static List<JsonNode> bodies(String topic, List<OutboxRecord> records) {
        return records.stream()
                .filter(record -> record.topic().equals(topic))
                .map(IncidentRecorder::json)
                .toList();
    }
}
