package io.licenserelay.sync.run;

import io.licenserelay.config.site.Site;
import io.licenserelay.store.Database;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import java.util.zip.CRC32;
import org.quartz.CronExpression;

/** Computes when runs of sites are due. */
public final class Schedules {
    private static final Duration NEVER = Duration.ofDays(365);

    /** The number of future runs that the interval covers. */
    private static final int AHEAD = 3;

    /** Tolerance for a slewed wall clock, by which a run may have begun shortly before it was due. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final Database database;
    private final Sites sites;
    private final Clock clock;

    public Schedules(Database database, Sites sites, Clock clock) {
        this.database = database;
        this.sites = sites;
        this.clock = clock;
    }

    /** The delay of the site's runs, so that sites do not all start at once. It is the same in every process. */
    public static Duration jitter(Site site) {
        CRC32 hash = new CRC32();
        hash.update(site.name().getBytes(StandardCharsets.UTF_8));
        return Duration.ofMillis(hash.getValue() % (site.schedule().jitter().toMillis() + 1));
    }

    /** The first time after this instant at which the site's run starts, jitter included. */
    public static Instant next(Site site, Instant after) {
        Date next = cron(site).getNextValidTimeAfter(Date.from(after.minus(jitter(site))));
        return next == null ? after.plus(NEVER) : next.toInstant().plus(jitter(site));
    }

    /**
     * The longest time between two runs of the site among the next three: a schedule may pause for the night or the
     * weekend.
     */
    Duration interval(Site site) {
        Duration longest = Duration.ZERO;
        Instant before = clock.instant();
        for (int run = 0; run < AHEAD; run++) {
            Instant next = next(site, before);
            Duration gap = Duration.between(before, next);
            longest = gap.compareTo(longest) > 0 ? gap : longest;
            before = next;
        }
        return longest;
    }

    /**
     * Whether the schedule fired while no relay was running, even if the delayed run would still be in the future: no
     * process remembers that run. A site that was never synced is due.
     */
    public boolean missed(String name) {
        Site site = sites.named(name);
        Optional<Instant> last = database.read(
                tx -> tx.createQuery("SELECT MAX(started_at) FROM run WHERE site = :site AND finished_at IS NOT NULL")
                        .bind("site", name)
                        .mapTo(Long.class)
                        .findOne()
                        .map(Instant::ofEpochMilli));
        return last.map(at -> fireTime(site, at.plus(SLACK)).isBefore(clock.instant()))
                .orElse(true);
    }

    /**
     * The zone of the site's schedule in the form that Quartz accepts: an offset such as {@code UTC+02:00} has another
     * name in Quartz.
     */
    public static TimeZone zone(Site site) {
        return TimeZone.getTimeZone(site.schedule().zone().normalized());
    }

    /** When the schedule fires for the next run after this instant, without the delay. */
    private static Instant fireTime(Site site, Instant after) {
        return next(site, after).minus(jitter(site));
    }

    private static CronExpression cron(Site site) {
        try {
            CronExpression cron = new CronExpression(site.schedule().cron());
            cron.setTimeZone(zone(site));
            return cron;
        } catch (ParseException e) {
            throw new IllegalStateException("the configuration contains an invalid cron expression", e);
        }
    }
}
