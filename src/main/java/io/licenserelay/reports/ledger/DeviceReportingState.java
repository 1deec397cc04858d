package io.licenserelay.reports.ledger;

import static io.licenserelay.store.SqlTime.instant;

import io.licenserelay.reports.Udi;
import io.licenserelay.reports.format.DevicePolicy;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * All data about a device's reporting: its reports, its own status output, and SSM's device list. Read in the caller's
 * transaction.
 *
 * @param firstReport when the first report arrived; null if none did
 * @param lastReport when the last report arrived
 * @param acknowledgedAt when the relay received the last acknowledgement
 * @param unsettled number of reports that are neither acknowledged nor rejected
 * @param ackPolicy whether the last acknowledgement contained a policy
 * @param statusOutput the device's own status output; null if none was imported
 * @param lastContact the last contact with SSM, according to SSM's device list
 * @param tags entitlements of the newest reports
 * @param changes changes of usage that are not acknowledged
 */
record DeviceReportingState(
        @Nullable Instant firstReport,
        @Nullable Instant lastReport,
        @Nullable Instant acknowledgedAt,
        long unsettled,
        boolean ackPolicy,
        @Nullable StatusOutput statusOutput,
        @Nullable Instant lastContact,
        List<String> tags,
        List<Change> changes) {
    private static final int NEWEST = 50;
    private static final int MAX_CHANGES = 100;
    private static final String OF_DEVICE = " r.site = :site AND r.pid = :pid AND r.serial = :serial";
    private static final String COUNT_BEFORE =
            "(SELECT b.usage_count FROM report b WHERE b.site = r.site AND b.pid = r.pid AND b.serial = r.serial"
                    + " AND COALESCE(b.entitlement_tag, '') = COALESCE(r.entitlement_tag, '') AND b.starts_at < r.starts_at"
                    + " ORDER BY b.starts_at DESC LIMIT 1)";

    /**
     * The inner query does not depend on the outer row, so it runs once: a device may have ten thousand unacknowledged
     * reports.
     */
    private static final String NEWER_THAN_ACKNOWLEDGED =
            "r.starts_at > (SELECT MIN(a.starts_at) FROM report a WHERE a.site = :site AND a.pid = :pid"
                    + " AND a.serial = :serial AND a.state = 'acknowledged')";

    private static final String HAS_EARLIER =
            "EXISTS (SELECT 1 FROM report e WHERE e.site = r.site AND e.pid = r.pid AND e.serial = r.serial"
                    + " AND COALESCE(e.entitlement_tag, '') = COALESCE(r.entitlement_tag, '') AND e.starts_at < r.starts_at)";

    /** @param lastAck the earliest possible instant */
    record StatusOutput(
            @Nullable Instant lastAck,
            @Nullable Instant deadline,
            @Nullable DevicePolicy policy,
            String origin,
            Instant readAt) {}

    /** @param since the start of the report that shows the change */
    record Change(@Nullable String tag, Instant since) {}

    private record Sums(
            @Nullable Instant first,
            @Nullable Instant last,
            @Nullable Instant acknowledgedAt,
            long unsettled) {}

    static DeviceReportingState of(Handle tx, String site, Udi udi) {
        Sums sums = query(
                        tx,
                        site,
                        udi,
                        "SELECT MIN(received_at) AS first, MAX(received_at) AS last,"
                                + " MAX(CASE WHEN state = 'acknowledged' AND ack_proof <> 'stated' THEN changed_at END) AS acked,"
                                + " SUM(CASE WHEN state IN ('acknowledged', 'rejected') THEN 0 ELSE 1 END) AS open"
                                + " FROM report r WHERE" + OF_DEVICE)
                .map((row, context) -> new Sums(
                        instant(row, "first"), instant(row, "last"), instant(row, "acked"), row.getLong("open")))
                .one();
        return new DeviceReportingState(
                sums.first,
                sums.last,
                sums.acknowledgedAt,
                sums.unsettled,
                sums.acknowledgedAt != null && lastAckHasPolicy(tx, site, udi),
                statusOutput(tx, site, udi),
                lastContact(tx, site, udi),
                sums.last == null ? List.of() : tags(tx, site, udi),
                sums.unsettled == 0 ? List.of() : changes(tx, site, udi));
    }

    private static boolean lastAckHasPolicy(Handle tx, String site, Udi udi) {
        return query(
                                tx,
                                site,
                                udi,
                                "SELECT ack_has_policy FROM report r WHERE" + OF_DEVICE
                                        + " AND state = 'acknowledged' AND ack_proof <> 'stated' ORDER BY changed_at DESC LIMIT 1")
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    private static @Nullable StatusOutput statusOutput(Handle tx, String site, Udi udi) {
        return query(tx, site, udi, "SELECT * FROM device_status r WHERE" + OF_DEVICE)
                .map((row, context) -> {
                    String policy = row.getString("policy");
                    return new StatusOutput(
                            instant(row, "last_ack_at"),
                            instant(row, "next_deadline_at"),
                            policy == null ? null : DevicePolicy.of(policy),
                            row.getString("origin"),
                            Instant.ofEpochMilli(row.getLong("read_at")));
                })
                .findOne()
                .orElse(null);
    }

    private static @Nullable Instant lastContact(Handle tx, String site, Udi udi) {
        return query(
                        tx,
                        site,
                        udi,
                        "SELECT MAX(d.last_contact_at) AS last FROM device d JOIN place p ON p.id = d.place_id"
                                + " WHERE p.site = :site AND p.gone_run IS NULL AND d.pid = :pid AND d.serial = :serial")
                .map((row, context) -> new Sums(null, instant(row, "last"), null, 0))
                .one()
                .last;
    }

    private static List<String> tags(Handle tx, String site, Udi udi) {
        return query(
                        tx,
                        site,
                        udi,
                        "SELECT DISTINCT COALESCE(entitlement_tag, '') FROM (SELECT entitlement_tag FROM report r WHERE"
                                + OF_DEVICE + " ORDER BY received_at DESC LIMIT " + NEWEST + ") newest")
                .mapTo(String.class)
                .list();
    }

    /**
     * Reports whose count differs from the previous report of the same entitlement, or whose entitlement is new since
     * an acknowledged report.
     */
    private static List<Change> changes(Handle tx, String site, Udi udi) {
        return query(
                        tx,
                        site,
                        udi,
                        "SELECT r.entitlement_tag, r.starts_at FROM report r WHERE" + OF_DEVICE
                                + " AND r.state NOT IN ('acknowledged', 'rejected') AND r.starts_at IS NOT NULL"
                                + " AND r.usage_count IS NOT NULL AND (r.usage_count <> " + COUNT_BEFORE + " OR ("
                                + NEWER_THAN_ACKNOWLEDGED
                                + " AND NOT " + HAS_EARLIER + ")) ORDER BY r.starts_at LIMIT " + MAX_CHANGES)
                .map((row, context) ->
                        new Change(row.getString("entitlement_tag"), Instant.ofEpochMilli(row.getLong("starts_at"))))
                .list();
    }

    private static Query query(Handle tx, String site, Udi udi, String sql) {
        return tx.createQuery(sql).bind("site", site).bind("pid", udi.pid()).bind("serial", udi.serial());
    }

    /** When the device's last acknowledgement arrived, through the relay or in another way. */
    @Nullable
    Instant lastAck() {
        return later(acknowledgedAt, statusOutput == null ? null : statusOutput.lastAck());
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }
}
