package io.licenserelay.observe.metrics;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ReportState;
import io.licenserelay.store.SqlTime;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the database says at one time. Maps are by site; a site without an entry has nothing to count.
 *
 * @param lastGood when the last complete run ended
 * @param inventory the newest run whose answer changed the site's inventory
 * @param reports the number of reports per state
 * @param awaitingAck when the oldest report arrived that waits for its acknowledgement
 * @param ackDue when the first acknowledgement of a device is due
 * @param outbox events that wait for Kafka
 * @param outboxSince since when the oldest of them waits; null if none waits
 * @param incidents open incidents
 * @param ownerChanges how often a site or another key has changed its node; 0 without a cluster
 */
record StoredNumbers(
        Map<String, Instant> lastGood,
        Map<String, Long> inventory,
        List<Count> reports,
        Map<String, Instant> awaitingAck,
        Map<String, Instant> ackDue,
        long outbox,
        @Nullable Instant outboxSince,
        List<Count> incidents,
        long ownerChanges) {

    /** A number with the values of its labels, in the order of their names. */
    record Count(List<String> labels, long number) {}

    /** Reads everything that is cheap to read, each by an index or from a small table. */
    static StoredNumbers read(Handle tx, Collection<Site> sites) {
        Map<String, Instant> lastGood = new HashMap<>();
        for (Site site : sites) {
            tx.createQuery("SELECT finished_at FROM run WHERE site = :site AND outcome = 'complete'"
                            + " ORDER BY started_at DESC LIMIT 1")
                    .bind("site", site.name())
                    .map((row, context) -> SqlTime.instant(row, "finished_at"))
                    .findFirst()
                    .ifPresent(at -> lastGood.put(site.name(), at));
        }
        Map<String, Long> inventory = new HashMap<>();
        tx.createQuery("SELECT site, MAX(applied_run) AS run FROM place WHERE applied_run IS NOT NULL GROUP BY site")
                .map((row, context) -> new Count(List.of(row.getString("site")), row.getLong("run")))
                .forEach(each -> inventory.put(each.labels().get(0), each.number()));
        return tx.createQuery("SELECT COUNT(*) AS waiting, MIN(created_at) AS since FROM outbox")
                .map((row, context) -> new StoredNumbers(
                        lastGood,
                        inventory,
                        counts(
                                tx,
                                "SELECT site, state, '' AS third, COUNT(*) AS n FROM report GROUP BY site, state",
                                2),
                        times(
                                tx,
                                "SELECT site, MIN(received_at) AS at FROM report WHERE state IN "
                                        + ReportState.AWAITING_ACK + " GROUP BY site"),
                        times(
                                tx,
                                "SELECT site, MIN(ack_due_at) AS at FROM expected_device WHERE ack_due_at IS NOT NULL"
                                        + " GROUP BY site"),
                        row.getLong("waiting"),
                        SqlTime.instant(row, "since"),
                        counts(
                                tx,
                                "SELECT site, code, severity AS third, COUNT(*) AS n FROM incident WHERE is_open = 1"
                                        + " GROUP BY site, code, severity",
                                3),
                        ownerChanges(tx)))
                .one();
    }

    private static long ownerChanges(Handle tx) {
        return tx.createQuery("SELECT COALESCE(SUM(epoch), 0) FROM site_owner")
                .mapTo(Long.class)
                .one();
    }

    private static List<Count> counts(Handle tx, String sql, int labels) {
        return tx.createQuery(sql)
                .map((row, context) -> new Count(
                        List.of(row.getString(1), row.getString(2), row.getString(3))
                                .subList(0, labels),
                        row.getLong("n")))
                .list();
    }

    private static Map<String, Instant> times(Handle tx, String sql) {
        Map<String, Instant> times = new HashMap<>();
        tx.createQuery(sql)
                .map((row, context) -> Map.entry(row.getString("site"), Instant.ofEpochMilli(row.getLong("at"))))
                .forEach(each -> times.put(each.getKey(), each.getValue()));
        return times;
    }
}
