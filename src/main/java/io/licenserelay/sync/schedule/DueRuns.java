package io.licenserelay.sync.schedule;

import io.licenserelay.config.site.Site;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.text.Plural;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks when the next run of each owned site is due, and submits due runs to the queue. A run that became due while the process
 * was stopped or the machine slept, or while no relay owned the site, is submitted once. Thread-safe.
 */
public final class DueRuns {
    private static final Logger LOG = LoggerFactory.getLogger(DueRuns.class);

    /**
     * The same rule as in cron: after a smaller step forward, skipped runs run once. After a larger step each site
     * waits for its next time, because the clock was wrong.
     */
    private static final Duration MAX_CORRECTION = Duration.ofHours(3);

    private final Sites sites;
    private final Schedules schedules;
    private final RunQueue queue;
    private final Predicate<String> owned;
    private final Map<String, Instant> due = new LinkedHashMap<>();

    /** @param owned whether this relay works for the site of that name */
    public DueRuns(Sites sites, Schedules schedules, RunQueue queue, Predicate<String> owned) {
        this.owned = owned;
        this.sites = sites;
        this.schedules = schedules;
        this.queue = queue;
    }

    /**
     * Submits all due runs of owned sites. The first call for a site also submits a run that was missed before.
     *
     * @param now the time from {@link ClockWatch#detectStep}
     */
    public synchronized void handOver(Instant now) {
        due.keySet().removeIf(site -> !sites.isKnown(site));
        for (Site site : sites.all()) {
            if (!owned.test(site.name())) {
                due.remove(site.name());
            } else if (!due.containsKey(site.name())) {
                begin(site, now);
            } else if (!now.isBefore(next(site.name()))) {
                queue.add(SyncRequest.of(site.name(), SyncRequest.Cause.SCHEDULE));
                due.put(site.name(), Schedules.next(site, now));
            }
        }
    }

    /** A missed run whose delayed time is still in the future is submitted now, so it must not become due again. */
    private void begin(Site site, Instant now) {
        boolean missed = schedules.missed(site.name());
        due.put(site.name(), Schedules.next(site, missed ? now.plus(Schedules.jitter(site)) : now));
        if (missed) {
            queue.add(SyncRequest.of(site.name(), SyncRequest.Cause.CATCH_UP));
        }
    }

    /** Forgets when the next run of a site is due, because its schedule may have changed. The next {@link #handOver} begins anew. */
    public synchronized void forget(String site) {
        due.remove(site);
    }

    /** When the site's next run is due; {@link Instant#MAX} before the first call of {@link #handOver}. */
    public synchronized Instant next(String site) {
        return due.getOrDefault(site, Instant.MAX);
    }

    /**
     * Computes the due times by the new wall clock. A step is detected some seconds late; runs that became due in these
     * seconds by the old clock are submitted now.
     */
    synchronized void clockStepped(ClockStep step) {
        if (!step.by().isNegative() && step.by().compareTo(MAX_CORRECTION) <= 0) {
            return;
        }
        due.forEach((site, before) -> {
            if (!before.isAfter(step.expected())) {
                queue.add(SyncRequest.of(site, SyncRequest.Cause.SCHEDULE));
            }
        });
        for (Site site : sites.all()) {
            due.computeIfPresent(site.name(), (name, before) -> Schedules.next(site, step.observed()));
        }
        LOG.info("recomputed the due times of the runs of {} by the new clock", Plural.of(due.size(), "site"));
    }
}
