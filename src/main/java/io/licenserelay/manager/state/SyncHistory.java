package io.licenserelay.manager.state;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The known syncs of a Manager, collected over time because the Manager does not report its last sync.
 *
 * @param since when the log was first fetched, or compliance first read
 * @param goodAt when the newest observed successful sync ended
 * @param failedAt when the newest observed failed sync failed
 * @param failedLine the log line of that failure
 * @param complete whether compliance was {@code sync complete} when last read; null if it was never read
 */
public record SyncHistory(
        Instant since,
        @Nullable Instant goodAt,
        @Nullable Instant failedAt,
        @Nullable String failedLine,
        @Nullable Boolean complete) {
    private static final Duration MAX_AGE = Duration.ofHours(48);

    /** The stored history of the site. */
    public static Optional<SyncHistory> of(Database database, String site) {
        return database.read(tx -> read(tx, site));
    }

    private static Optional<SyncHistory> read(Handle tx, String site) {
        return tx.createQuery("SELECT * FROM manager_sync WHERE site = :site")
                .bind("site", site)
                .map((row, context) -> new SyncHistory(
                        Instant.ofEpochMilli(row.getLong("observed_since")),
                        instant(row.getObject("last_success_at")),
                        instant(row.getObject("last_failure_at")),
                        row.getString("last_failure_line"),
                        row.getObject("is_complete") == null ? null : row.getLong("is_complete") == 1))
                .findOne();
    }

    static SyncHistory begin(Instant now) {
        return new SyncHistory(now, null, null, null, null);
    }

    /**
     * The history, updated with the result of an inspection.
     *
     * @param attempts null if the log was not read
     * @param nowComplete null if compliance was not read
     */
    SyncHistory updatedWith(@Nullable SyncAttempts attempts, @Nullable Boolean nowComplete, Instant now) {
        Instant succeededAt = goodAt;
        Instant failed = failedAt;
        String failureLine = failedLine;
        if (attempts != null) {
            succeededAt = later(succeededAt, attempts.goodAt());
            if (attempts.failedAt() != null
                    && (failed == null || attempts.failedAt().isAfter(failed))) {
                failed = attempts.failedAt();
                failureLine = attempts.failedLine();
            }
        }
        // Only the change to {@code sync complete} proves a new sync.
        if (Boolean.FALSE.equals(complete) && Boolean.TRUE.equals(nowComplete)) {
            succeededAt = later(succeededAt, now);
        }
        return new SyncHistory(since, succeededAt, failed, failureLine, nowComplete == null ? complete : nowComplete);
    }

    void store(Handle tx, String site) {
        tx.createUpdate(
                        "INSERT INTO manager_sync (site, observed_since, last_success_at, last_failure_at, last_failure_line, is_complete)"
                                + " VALUES (:site, :since, :good, :failed, :line, :complete)"
                                + " ON CONFLICT (site) DO UPDATE SET last_success_at = excluded.last_success_at, last_failure_at = excluded.last_failure_at,"
                                + " last_failure_line = excluded.last_failure_line, is_complete = excluded.is_complete")
                .bind("site", site)
                .bind("since", since.toEpochMilli())
                .bind("good", goodAt == null ? null : Long.valueOf(goodAt.toEpochMilli()))
                .bind("failed", failedAt == null ? null : Long.valueOf(failedAt.toEpochMilli()))
                .bind("line", failedLine)
                .bind("complete", complete == null ? null : Long.valueOf(complete ? 1 : 0))
                .execute();
    }

    /** Whether the newest observed sync failed and is not too old. */
    boolean failed(Instant now) {
        return failedAt != null && (goodAt == null || goodAt.isBefore(failedAt)) && !isOld(failedAt, now);
    }

    /**
     * The finding failed, stale or good; empty if the age of the last sync is unknown.
     *
     * @param logRead whether the log is fetched, so that a sync would have been observed
     */
    Optional<Finding> finding(boolean logRead, Instant now) {
        if (failed(now)) {
            return optionalFinding(
                    Findings.MANAGER_SYNC_FAILED, "the Manager's own sync failed at " + failedAt + ": " + failedLine);
        }
        if (goodAt != null) {
            return isOld(goodAt, now)
                    ? optionalFinding(
                            Findings.MANAGER_SYNC_STALE, "the Manager's last successful sync was observed at " + goodAt)
                    : optionalFinding(
                            Findings.MANAGER_SYNCED, "a successful sync of the Manager was observed at " + goodAt);
        }
        boolean isSilent = logRead && isOld(since, now);
        return isSilent
                ? optionalFinding(
                        Findings.MANAGER_SYNC_STALE,
                        "no successful sync of the Manager was observed in its log since " + since)
                : Optional.empty();
    }

    private static boolean isOld(Instant at, Instant now) {
        return at.plus(MAX_AGE).isBefore(now);
    }

    private static Optional<Finding> optionalFinding(String name, String phrase) {
        return Optional.of(new Finding(name, phrase));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }

    private static @Nullable Instant instant(@Nullable Object millis) {
        return millis instanceof Number number ? Instant.ofEpochMilli(number.longValue()) : null;
    }
}
