package io.licenserelay.reports;

import static io.licenserelay.store.SqlTime.instant;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.text.Json;
import io.licenserelay.text.WireNamed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A report's row in the ledger, without its payload.
 *
 * @param digest the SHA-256 of the report's payload
 * @param place the virtual account that owns the report, or the site while the virtual account is unknown
 * @param origin the file or device answer that contained the report
 * @param reason why the report is in this state, as text for people
 * @param hold why the report is held; null if it is not held
 * @param clockJump the evidence in the report that the device's clock jumped
 * @param ackProof the proof of the acknowledgement: {@code report} if the acknowledgement names the report's digest,
 *     {@code submission} if it was matched by the submission, {@code stated} if the device reports it
 * @param ackFile the file of the acknowledgement in the outbox; null before it is written
 * @param resent how often the report was resent on request
 */
public record ReportEntry(
        String digest,
        Place place,
        Udi udi,
        @Nullable String reportId,
        @Nullable String entitlementTag,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        @Nullable String clockJump,
        String origin,
        ReportState state,
        @Nullable String reason,
        @Nullable HoldReason hold,
        @Nullable String submissionId,
        boolean maybeSent,
        boolean alone,
        @Nullable String ackDigest,
        @Nullable String ackProof,
        @Nullable String ackFile,
        long resent,
        Instant receivedAt,
        Instant changedAt) {

    public static ReportEntry of(ResultSet row) throws SQLException {
        String hold = row.getString("hold_reason");
        return new ReportEntry(
                row.getString("digest"),
                new Place(row.getString("site"), row.getString("account"), row.getString("va")),
                new Udi(row.getString("pid"), row.getString("serial")),
                row.getString("report_id"),
                row.getString("entitlement_tag"),
                instant(row, "starts_at"),
                instant(row, "ends_at"),
                row.getString("clock_jump"),
                row.getString("origin"),
                WireNamed.of(ReportState.class, row.getString("state")),
                row.getString("state_reason"),
                hold == null ? null : WireNamed.of(HoldReason.class, hold),
                row.getString("submission_id"),
                row.getLong("maybe_sent") == 1,
                row.getLong("send_alone") == 1,
                row.getString("ack_digest"),
                row.getString("ack_proof"),
                row.getString("ack_file"),
                row.getLong("resend_count"),
                Instant.ofEpochMilli(row.getLong("received_at")),
                Instant.ofEpochMilli(row.getLong("changed_at")));
    }

    /**
     * The JSON of events and of {@code reports --json}. This is a published contract: fields are added, never changed.
     */
    @JsonValue
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("digest", digest).put("state", state.wireName()).put("site", place.site());
        Json.putText(json, "account", place.account());
        Json.putText(json, "virtualAccount", place.va());
        json.put("udiPid", udi.pid()).put("udiSerialNumber", udi.serial());
        Json.putText(json, "reportId", reportId);
        Json.putText(json, "entitlementTag", entitlementTag);
        Json.putText(json, "startsAt", startsAt);
        Json.putText(json, "endsAt", endsAt);
        Json.putText(json, "clockJump", clockJump);
        json.put("origin", origin);
        Json.putText(json, "reason", reason);
        Json.putText(json, "hold", hold == null ? null : hold.wireName());
        Json.putText(json, "submissionId", submissionId);
        Json.putText(json, "ackDigest", ackDigest);
        Json.putText(json, "ackProof", ackProof);
        Json.putText(json, "ackFile", ackFile);
        return json.put("receivedAt", receivedAt.toString()).put("changedAt", changedAt.toString());
    }
}
