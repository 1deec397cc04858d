package io.licenserelay.sync.schedule;

import io.licenserelay.config.site.Site;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows when each site's next run is due, and hands runs that are due to the queue. A run whose time passed while nobody looked, because
 * the process was stopped or the machine slept, is handed over once. Thread-safe.
 */
public final class DueRuns {
    private static final Logger LOG = LoggerFactory.getLogger(DueRuns.class);

    /**
     * As cron does it: after a smaller step forward, runs whose time was skipped run once; after a greater one the clock was wrong, and each
     * site waits for its next time.
     */
    private static final Duration CORRECTION = Duration.ofHours(3);

    private final Sites sites;
    private final Schedules schedules;
    private final RunQueue queue;
    private final Map<String, Instant> due = new LinkedHashMap<>();

    public DueRuns(Sites sites, Schedules schedules, RunQueue queue) {
        this.sites = sites;
        this.schedules = schedules;
        this.queue = queue;
    }

    /**
     * Hands over what is due; at the first look at a site also what was missed while no relay ran.
     *
     * @param now as {@link ClockWatch#detectStep} gives it
     */
    public synchronized void handOver(Instant now) {
        for (Site site : sites.all()) {
            if (!due.containsKey(site.name())) {
                begin(site, now);
            } else if (!now.isBefore(next(site.name()))) {
                queue.add(SyncRequest.of(site.name(), SyncRequest.Cause.SCHEDULE));
                due.put(site.name(), Schedules.next(site, now));
            }
        }
    }

    /** A run that is put off at this moment is caught up too, so it is not due once more. */
    private void begin(Site site, Instant now) {
        boolean missed = schedules.missed(site.name());
        due.put(site.name(), Schedules.next(site, missed ? now.plus(Schedules.jitter(site)) : now));
        if (missed) {
            queue.add(SyncRequest.of(site.name(), SyncRequest.Cause.CATCH_UP));
        }
    }

    /** When the site's next run is due; the end of time before the first look. */
    public synchronized Instant next(String site) {
        return due.getOrDefault(site, Instant.MAX);
    }

    /**
     * The wall clock was set: each site's next run is due when the clock as it is now says so. A step is noticed some seconds late; runs that
     * fell due in those seconds by the old clock are handed over, since nothing else would run them.
     */
    synchronized void clockStepped(ClockStep step) {
        if (!step.by().isNegative() && step.by().compareTo(CORRECTION) <= 0) {
            return;
        }
        due.forEach((site, before) -> {
            if (!before.isAfter(step.expected())) {
                queue.add(SyncRequest.of(site, SyncRequest.Cause.SCHEDULE));
            }
        });
        due.replaceAll((site, before) -> Schedules.next(sites.named(site), step.observed()));
        LOG.info("the runs of {} site(s) are due anew by the clock as it is now", due.size());
    }
}
