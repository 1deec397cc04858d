package io.licenserelay.view.reports;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView.DeviceDates;
import io.licenserelay.reports.ledger.LedgerView.GivenBack;
import io.licenserelay.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One report with its time line.
 *
 * @param states the states that it was in, oldest first; a state is repeated if its reason changed
 * @param waiting why it is not acknowledged yet; empty in a final state
 * @param proof what proves the acknowledgement; empty without one
 * @param findings gaps and overlaps with neighbouring reports of the device
 * @param givenBack the delivery of the acknowledgement to the device; empty if it was not sent there
 * @param deviceDates the dates that the device itself printed last; empty if no such output was imported
 * @param device the deadlines of its device; empty before the first check
 * @param hasContent whether the payload is still stored
 */
public record ReportDetail(
        ReportEntry report,
        List<StateTime> states,
        Optional<Waiting> waiting,
        Optional<Proof> proof,
        List<String> findings,
        Optional<GivenBack> givenBack,
        Optional<DeviceDates> deviceDates,
        Optional<ExpectedDevice> device,
        boolean hasContent) {

    /**
     * A state of the time line.
     *
     * @param until when the next state began; null for the current one
     * @param duration how long it was in the state, until now for the current one; null for a final state
     */
    public record StateTime(
            ReportState state,
            Instant at,
            @Nullable Instant until,
            @Nullable Duration duration,
            @Nullable String reason) {}

    /** Why a report waits. @param why sentences from recorded facts only */
    public record Waiting(Instant since, List<String> why) {}

    /**
     * The acknowledgement of a report.
     *
     * @param kind {@code report}: it names the report's digest; {@code submission}: matched by the submission; {@code stated}: the device says so
     * @param ackDigest SHA-256 of the acknowledgement; null if the relay does not have it
     * @param file the file in the outbox folder; null before it is written
     */
    public record Proof(
            String kind,
            @Nullable String ackDigest,
            @Nullable String file,
            Instant acknowledgedAt) {}

    /** The form of {@code reports show --json} and of the API. It is a contract: fields are added, never changed. */
    @JsonValue
    public ObjectNode toJson() {
        ObjectNode json = report.toJson();
        ArrayNode history = json.putArray("history");
        for (StateTime each : states) {
            ObjectNode entry = history.addObject();
            entry.put("state", each.state.wireName()).put("at", each.at.toString());
            Json.putText(entry, "until", each.until);
            if (each.duration != null) {
                entry.put("seconds", each.duration.toMillis() / 1000.0);
            }
            Json.putText(entry, "reason", each.reason);
        }
        findings.forEach(json.withArray("findings")::add);
        givenBack.ifPresent(back -> json.set("givenBack", json(back)));
        waiting.ifPresent(each -> {
            ObjectNode node = json.putObject("waiting").put("since", each.since.toString());
            each.why.forEach(node.putArray("why")::add);
        });
        proof.ifPresent(each -> {
            ObjectNode node = json.putObject("proof").put("kind", each.kind);
            Json.putText(node, "ackDigest", each.ackDigest);
            Json.putText(node, "file", each.file);
            node.put("acknowledgedAt", each.acknowledgedAt.toString());
        });
        deviceDates.ifPresent(each -> {
            ObjectNode node = json.putObject("deviceReports");
            Json.putText(node, "lastAck", each.lastAck());
            Json.putText(node, "nextDeadline", each.nextDeadline());
            node.put("origin", each.origin()).put("readAt", each.readAt().toString());
        });
        device.ifPresent(each -> {
            Json.putText(json, "ackDueAt", each.ackDueAt());
            Json.putText(json, "ackDueBy", each.ackDueBy());
        });
        return json.put("hasContent", hasContent);
    }

    private static ObjectNode json(GivenBack back) {
        ObjectNode node = Json.object();
        node.put("sentAt", back.sentAt().toString()).put("form", back.form());
        Json.putText(node, "takenAt", back.takenAt());
        Json.putText(node, "refusal", back.refusal());
        return node;
    }
}
