package io.licenserelay.reports.manager;

import static io.licenserelay.store.SqlTime.instant;
import static io.licenserelay.store.SqlTime.millis;

import io.licenserelay.config.site.Site;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The database row of a sync request to a Manager. Used within one transaction.
 *
 * @param goodBefore the newest successful sync observed before the request; likewise {@code failedBefore}
 * @param outcome {@code taken}, {@code refused} or {@code lost}; null while the outcome is unknown
 * @param readBack the observed sync after the request
 */
record ManagerSyncRecord(
        String id,
        Instant requestedAt,
        @Nullable Instant goodBefore,
        @Nullable Instant failedBefore,
        @Nullable String outcome,
        @Nullable String readBack) {

    /** @return the id of the request */
    static String begin(Handle tx, Site site, Instant now, ManagerSyncHistory history) {
        String id = UUID.randomUUID().toString();
        tx.execute(
                "INSERT INTO manager_request (id, site, requested_at, last_success_before, last_failure_before) VALUES (?, ?, ?, ?, ?)",
                id,
                site.name(),
                now.toEpochMilli(),
                millis(history.goodAt()),
                millis(history.failedAt()));
        return id;
    }

    static void sent(Handle tx, String id, Instant at) {
        tx.execute("UPDATE manager_request SET requested_at = ? WHERE id = ?", at.toEpochMilli(), id);
    }

    static void taken(Handle tx, String id, String mode, Instant now) {
        tx.execute(
                "UPDATE manager_request SET outcome = 'taken', mode = ?, answered_at = ? WHERE id = ?",
                mode,
                now.toEpochMilli(),
                id);
    }

    static void failed(Handle tx, String id, String outcome, String message, Instant now) {
        tx.execute(
                "UPDATE manager_request SET outcome = ?, message = ?, answered_at = ? WHERE id = ?",
                outcome,
                message,
                now.toEpochMilli(),
                id);
    }

    static void readBack(Handle tx, String id, String result, Instant now) {
        tx.execute(
                "UPDATE manager_request SET read_back = ?, read_back_at = ? WHERE id = ?",
                result,
                now.toEpochMilli(),
                id);
    }

    static Optional<ManagerSyncRecord> newest(Handle tx, Site site) {
        return tx.createQuery(
                        "SELECT * FROM manager_request WHERE site = :site ORDER BY requested_at DESC, seq DESC LIMIT 1")
                .bind("site", site.name())
                .map((row, context) -> of(row))
                .findOne();
    }

    static Optional<ManagerSyncRecord> find(Handle tx, String id) {
        return tx.createQuery("SELECT * FROM manager_request WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> of(row))
                .findOne();
    }

    boolean isOpen() {
        return outcome == null;
    }

    boolean isTaken() {
        return "taken".equals(outcome);
    }

    /**
     * Describes the newest sync after the request. Whether the request caused that sync is unknown.
     *
     * @return null if no sync was observed
     */
    @Nullable
    String resultAfter(ManagerSyncHistory history) {
        Instant good = after(goodBefore, history.goodAt());
        Instant failed = after(failedBefore, history.failedAt());
        if (failed != null && (good == null || good.isBefore(failed))) {
            return "a sync of the Manager failed at " + failed + ": " + history.failedLine();
        }
        return good == null ? null : "a sync of the Manager succeeded at " + good;
    }

    /** Clocks may differ: a sync that was observed before the request does not count, independently of its time. */
    private @Nullable Instant after(@Nullable Instant before, @Nullable Instant observed) {
        boolean later =
                observed != null && !observed.isBefore(requestedAt) && (before == null || observed.isAfter(before));
        return later ? observed : null;
    }

    private static ManagerSyncRecord of(ResultSet row) throws SQLException {
        return new ManagerSyncRecord(
                row.getString("id"),
                Instant.ofEpochMilli(row.getLong("requested_at")),
                instant(row, "last_success_before"),
                instant(row, "last_failure_before"),
                row.getString("outcome"),
                row.getString("read_back"));
    }
}
