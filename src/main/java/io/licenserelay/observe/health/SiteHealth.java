package io.licenserelay.observe.health;

import io.licenserelay.observe.health.SiteStatus.State;
import io.licenserelay.store.Database;
import io.licenserelay.store.SqlTime;
import io.licenserelay.sync.run.Sites;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The status of every configured site, with its reason, from the database. Thread-safe. */
public final class SiteHealth {
    private final Database database;
    private final Sites sites;

    public SiteHealth(Database database, Sites sites) {
        this.database = database;
        this.sites = sites;
    }

    /**
     * The status of each site, in the order of the configuration. An incident that waits to be resolved after its failure is over does not
     * count.
     *
     * @throws io.licenserelay.store.StoreFailed if the database does not answer
     */
    public List<SiteStatus> all() {
        return database.read(tx -> {
            Map<String, SiteStatus> failing = failing(tx);
            return sites.all().stream()
                    .map(site -> failing.containsKey(site.name())
                            ? failing.get(site.name())
                            : withoutIncident(tx, site.name()))
                    .toList();
        });
    }

    /** By site the worst open incident; of two with the same severity the older one. */
    private static Map<String, SiteStatus> failing(Handle tx) {
        Map<String, SiteStatus> failing = new HashMap<>();
        tx.createQuery("SELECT site, code, summary, opened_at FROM incident"
                        + " WHERE is_open = 1 AND healthy_since IS NULL AND severity IN ('critical', 'error')"
                        + " ORDER BY CASE severity WHEN 'critical' THEN 0 ELSE 1 END, opened_at")
                .map((row, context) -> new SiteStatus(
                        row.getString("site"),
                        State.DOWN,
                        row.getString("code") + ": " + row.getString("summary"),
                        SqlTime.instant(row, "opened_at")))
                .forEach(each -> failing.putIfAbsent(each.site(), each));
        return failing;
    }

    private static SiteStatus withoutIncident(Handle tx, String site) {
        return lastGood(tx, site)
                .map(at -> new SiteStatus(site, State.UP, null, at))
                .orElseGet(() -> new SiteStatus(site, State.UNKNOWN, null, null));
    }

    private static Optional<Instant> lastGood(Handle tx, String site) {
        return tx.createQuery("SELECT finished_at FROM run WHERE site = :site AND outcome IN ('complete', 'partial')"
                        + " ORDER BY started_at DESC LIMIT 1")
                .bind("site", site)
                .map((row, context) -> SqlTime.instant(row, "finished_at"))
                .findFirst();
    }
}
