package io.licenserelay.observe.metrics;

import io.licenserelay.config.site.Site;
import io.licenserelay.observe.health.BoundedReads;
import io.licenserelay.observe.metrics.LicenseCounts.SiteLicenses;
import io.licenserelay.observe.metrics.StoredNumbers.Count;
import io.licenserelay.store.Database;
import io.licenserelay.store.WriteStatistics;
import io.licenserelay.sync.run.Sites;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What the database and the configuration say at the time of a scrape. The database is read once per scrape, and at most once in some
 * seconds. While it does not answer, {@code license_relay_store_up} is 0 and what it would tell is absent: an old number would look like a
 * current one. Thread-safe; blocks for some seconds.
 */
final class RelayGauges implements MultiCollector, AutoCloseable {
    /** Shorter than any usual interval of scrapes; it bounds the reads when many callers scrape. */
    private static final Duration LIFETIME = Duration.ofSeconds(3);

    private final Database database;
    private final Sites sites;
    private final Callable<Integer> liveNodes;
    private final RelayCounters counters;
    private final BoundedReads reads;
    private final LicenseCounts licenses;
    private final String version;
    private final Clock clock;
    private @Nullable Reading last;

    /**
     * What was read.
     *
     * @param at of {@code System.nanoTime}
     * @param stored null if the database did not answer
     */
    private record Reading(long at, @Nullable StoredNumbers stored, Map<String, SiteLicenses> licenses, int nodes) {}

    /** @param liveNodes the number of live nodes that share the database */
    RelayGauges(
            Database database,
            Sites sites,
            Callable<Integer> liveNodes,
            RelayCounters counters,
            BoundedReads reads,
            String version,
            Clock clock) {
        this.database = database;
        this.sites = sites;
        this.liveNodes = liveNodes;
        this.counters = counters;
        this.reads = reads;
        this.licenses = new LicenseCounts(database, clock);
        this.version = version;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        Reading reading = reading();
        Instant now = clock.instant();
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(Snapshots.info("license_relay_build", "The version of this relay", "version", version));
        all.add(Snapshots.gauge(
                "license_relay_store_up",
                "1 if the database answered this scrape in time",
                reading.stored() == null ? 0 : 1));
        writes(all);
        owned(all);
        if (reading.stored() != null) {
            stored(all, reading.stored(), now);
            licenses(all, reading.licenses());
            all.add(Snapshots.gauge(
                    "license_relay_cluster_nodes", "Live relays that share the database", reading.nodes()));
        }
        deadlines(all, reading, now);
        return new MetricSnapshots(all);
    }

    private synchronized Reading reading() {
        Reading known = last;
        if (known == null || System.nanoTime() - known.at() >= LIFETIME.toNanos()) {
            known = read();
            last = known;
        }
        return known;
    }

    private Reading read() {
        try {
            StoredNumbers stored = reads.read(() -> database.read(tx -> StoredNumbers.read(tx, sites.all())))
                    .orElse(null);
            Integer nodes = stored == null ? null : reads.read(liveNodes).orElse(null);
            if (stored != null && nodes != null) {
                return new Reading(System.nanoTime(), stored, licenses.of(stored.inventory()), nodes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Reading(System.nanoTime(), null, Map.of(), 0);
    }

    private void writes(List<MetricSnapshot> all) {
        WriteStatistics writes = database.writes();
        all.add(Snapshots.gauge(
                "license_relay_store_writes_waiting", "Writes that are not committed yet", (double) writes.waiting()));
        all.add(Snapshots.counter("license_relay_store_writes", "Finished writes", (double) writes.finished()));
        all.add(Snapshots.counter(
                "license_relay_store_write_seconds",
                "Time of all finished writes together, from the call to the commit",
                seconds(writes.took())));
    }

    private void owned(List<MetricSnapshot> all) {
        Snapshots.Family owned = new Snapshots.Family("site");
        for (Site site : sites.all()) {
            owned.add(database.owns(site.name()) ? 1 : 0, site.name());
        }
        owned.into(all, "license_relay_site_owned", "1 if this relay works for the site");
    }

    private void stored(List<MetricSnapshot> all, StoredNumbers stored, Instant now) {
        Snapshots.Family good = new Snapshots.Family("site");
        Snapshots.Family awaiting = new Snapshots.Family("site");
        for (Site site : sites.all()) {
            Instant at = stored.lastGood().get(site.name());
            if (at != null) {
                good.add(age(at, now), site.name());
            }
            awaiting.add(age(stored.awaitingAck().get(site.name()), now), site.name());
        }
        good.into(all, "license_relay_last_complete_run_age_seconds", "Time since the last complete run ended");
        awaiting.into(
                all,
                "license_relay_report_awaiting_ack_age_seconds",
                "Age of the oldest report that was sent and is not acknowledged; 0 if there is none");
        family(all, stored.reports(), "license_relay_reports", "Usage reports by state", "site", "state");
        family(all, stored.incidents(), "license_relay_incidents_open", "Open incidents", "site", "code", "severity");
        all.add(Snapshots.gauge("license_relay_outbox_events", "Events that wait for Kafka", (double) stored.outbox()));
        all.add(Snapshots.gauge(
                "license_relay_outbox_age_seconds",
                "Age of the oldest event that waits for Kafka; 0 if none waits",
                age(stored.outboxSince(), now)));
        all.add(Snapshots.counter(
                "license_relay_cluster_owner_changes",
                "How often a site or another key has changed its node, in the life of the database",
                (double) stored.ownerChanges()));
    }

    private static void licenses(List<MetricSnapshot> all, Map<String, SiteLicenses> bySite) {
        Snapshots.Family licenses = new Snapshots.Family("site", "account", "compliance");
        bySite.forEach((site, counted) -> counted.byAccount()
                .forEach(count -> licenses.add(
                        (double) count.number(),
                        site,
                        count.labels().get(0),
                        count.labels().get(1))));
        licenses.into(all, "license_relay_licenses", "Licenses by compliance, as SSM last reported them");
    }

    private void deadlines(List<MetricSnapshot> all, Reading reading, Instant now) {
        Snapshots.Family deadlines = new Snapshots.Family("site", "kind");
        for (Site site : sites.all()) {
            counters.certificateEnd(site.name())
                    .ifPresent(end -> deadlines.add(until(end, now), site.name(), "certificate"));
            LocalDate client = site.ssm().client().expires();
            if (client != null) {
                deadlines.add(until(client.atStartOfDay(ZoneOffset.UTC).toInstant(), now), site.name(), "api-client");
            }
            SiteLicenses counted = reading.licenses().get(site.name());
            if (counted != null && counted.nextEnd() != null) {
                deadlines.add(until(counted.nextEnd(), now), site.name(), "license");
            }
            Instant ack =
                    reading.stored() == null ? null : reading.stored().ackDue().get(site.name());
            if (ack != null) {
                deadlines.add(until(ack, now), site.name(), "report");
            }
        }
        deadlines.into(all, "license_relay_deadline_seconds", "Time until the nearest deadline; negative after it");
    }

    private static void family(
            List<MetricSnapshot> all, List<Count> counts, String name, String help, String... labels) {
        Snapshots.Family family = new Snapshots.Family(labels);
        counts.forEach(
                count -> family.add((double) count.number(), count.labels().toArray(String[]::new)));
        family.into(all, name, help);
    }

    private static double age(@Nullable Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, seconds(Duration.between(since, now)));
    }

    private static double until(Instant end, Instant now) {
        return seconds(Duration.between(now, end));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    @Override
    public void close() {
        licenses.close();
    }
}
