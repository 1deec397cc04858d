package io.licenserelay.observe.metrics;

import io.licenserelay.inventory.model.Compliance;
import io.licenserelay.observe.metrics.StoredNumbers.Count;
import io.licenserelay.store.Database;
import io.licenserelay.store.SqlTime;
import io.licenserelay.threads.WorkerThreads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the licenses of each site again only after a run has changed its inventory, because a count reads every license. A count that takes
 * longer than a scrape waits goes on, and its result is in a later scrape. One thread at a time calls {@link #of}.
 */
final class LicenseCounts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LicenseCounts.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** The largest number of accounts of a site with series of their own; all others share one. */
    private static final int MOST_ACCOUNTS = 100;

    private static final String OTHER_ACCOUNTS = "(other)";

    private final Database database;
    private final Clock clock;
    private final ExecutorService thread = WorkerThreads.limited("license counts", 1);
    private final Map<String, SiteLicenses> known = new ConcurrentHashMap<>();
    private @Nullable Future<?> counting;

    /**
     * The licenses of a site.
     *
     * @param run the newest run whose answers they contain
     * @param byAccount labels account and compliance
     * @param nextEnd when the first license or subscription ends that had not ended when it was counted; null if none ends
     */
    record SiteLicenses(
            long run, List<Count> byAccount, @Nullable Instant nextEnd) {}

    LicenseCounts(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * The licenses by site, without sites whose current licenses are not counted yet.
     *
     * @param inventory by site the newest run that changed its inventory
     */
    Map<String, SiteLicenses> of(Map<String, Long> inventory) throws InterruptedException {
        known.keySet().retainAll(inventory.keySet());
        Map<String, Long> changed = new HashMap<>(inventory);
        changed.entrySet().removeIf(each -> isCurrent(each.getKey(), each.getValue()));
        if (!changed.isEmpty() && (counting == null || counting.isDone())) {
            counting = thread.submit(() -> changed.forEach(this::count));
        }
        await();
        Map<String, SiteLicenses> current = new TreeMap<>(known);
        current.entrySet().removeIf(each -> !Long.valueOf(each.getValue().run()).equals(inventory.get(each.getKey())));
        return current;
    }

    private boolean isCurrent(String site, long run) {
        SiteLicenses counted = known.get(site);
        return counted != null && counted.run() == run;
    }

    private void await() throws InterruptedException {
        if (counting == null) {
            return;
        }
        try {
            counting.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException later) {
            LOG.debug("the licenses are still being counted");
        } catch (ExecutionException failed) {
            LOG.debug("the licenses cannot be counted", failed.getCause());
        }
    }

    private void count(String site, long run) {
        Instant now = clock.instant();
        known.put(site, database.read(tx -> count(tx, site, run, now)));
    }

    private static SiteLicenses count(Handle tx, String site, long run, Instant now) {
        List<Row> rows = tx.createQuery("SELECT p.account, l.status, COUNT(*) AS n,"
                        + " MIN(CASE WHEN l.ends_at > :now THEN l.ends_at END) AS ends"
                        + " FROM place p JOIN license l ON l.place_id = p.id WHERE p.site = :site"
                        + " AND p.gone_run IS NULL AND p.applied_run IS NOT NULL AND l.gone_run IS NULL"
                        + " GROUP BY p.account, l.status")
                .bind("site", site)
                .bind("now", now.toEpochMilli())
                .map((row, context) -> new Row(
                        row.getString("account"),
                        compliance(row.getString("status")),
                        row.getLong("n"),
                        SqlTime.instant(row, "ends")))
                .list();
        Instant subscriptionEnd = tx.createQuery("SELECT MIN(s.ends_at) AS ends FROM place p"
                        + " JOIN subscription s ON s.place_id = p.id WHERE p.site = :site AND p.gone_run IS NULL"
                        + " AND s.ends_at > :now")
                .bind("site", site)
                .bind("now", now.toEpochMilli())
                .map((row, context) -> new Row("", "", 0, SqlTime.instant(row, "ends")))
                .one()
                .ends();
        Instant end = subscriptionEnd;
        for (Row row : rows) {
            end = end == null || (row.ends() != null && row.ends().isBefore(end)) ? row.ends() : end;
        }
        return new SiteLicenses(run, byAccount(rows), end);
    }

    private static List<Count> byAccount(List<Row> rows) {
        Set<String> accounts = new TreeSet<>();
        rows.forEach(row -> accounts.add(row.account()));
        Set<String> shown = new TreeSet<>(accounts.stream().limit(MOST_ACCOUNTS).toList());
        Map<List<String>, Long> sums = new HashMap<>();
        for (Row row : rows) {
            String account = shown.contains(row.account()) ? row.account() : OTHER_ACCOUNTS;
            sums.merge(List.of(account, row.compliance()), row.number(), Long::sum);
        }
        List<Count> counts = new ArrayList<>();
        sums.forEach((labels, number) -> counts.add(new Count(labels, number)));
        return counts;
    }

    /** SSM has two words; any other word of a server must not become a label. */
    private static String compliance(String status) {
        return switch (status) {
            case Compliance.IN -> "in";
            case Compliance.OUT -> "out";
            default -> "other";
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private record Row(
            String account,
            String compliance,
            long number,
            @Nullable Instant ends) {}
}
