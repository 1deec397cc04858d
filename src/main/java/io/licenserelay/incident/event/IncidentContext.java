package io.licenserelay.incident.event;

import io.licenserelay.config.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The context of an incident change.
 *
 * @param site null when it concerns the relay itself
 * @param runId also the events' correlation id; 0 outside of runs
 * @param cause why the run ran: {@code schedule}, {@code catch-up}, {@code operator}
 * @param traceparent W3C trace context of the run
 * @param at when it was noticed
 * @param interval the time from one run, or look, to the next one
 * @param changed what differs from the last good run; null when nothing does, or nothing is known
 * @param impact the deadline that this endangers, if there is one
 */
public record IncidentContext(
        @Nullable Site site,
        long runId,
        Instant startedAt,
        String cause,
        String traceparent,
        Instant at,
        Duration interval,
        @Nullable SinceGoodRun changed,
        @Nullable IncidentImpact impact) {

    /** The cause of a look at a Manager. */
    public static final String WATCH = "watch";

    private static final String OPERATOR = "operator";
    private static final Duration A_DAY = Duration.ofDays(1);

    /** A frequent schedule need not say every quarter of an hour that nothing has changed. */
    private static final Duration SHORTEST = Duration.ofHours(26);

    /** No run of a site: the relay noticed it by itself. */
    public static IncidentContext ofTheRelay(Instant now) {
        String trace = "00-" + UUID.randomUUID().toString().replace("-", "") + "-" + "0".repeat(15) + "1-00";
        return new IncidentContext(null, 0, now, "relay", trace, now, A_DAY, null, null);
    }

    /** The same where the next look comes after another time than the next run. */
    public IncidentContext every(Duration time) {
        return new IncidentContext(site, runId, startedAt, cause, traceparent, at, time, changed, impact);
    }

    /** The same with what has changed. */
    public IncidentContext changed(@Nullable SinceGoodRun since) {
        return new IncidentContext(site, runId, startedAt, cause, traceparent, at, interval, since, impact);
    }

    /** The same with what is endangered. */
    public IncidentContext endangering(@Nullable IncidentImpact deadline) {
        return new IncidentContext(site, runId, startedAt, cause, traceparent, at, interval, changed, deadline);
    }

    /** Until when the event counts: three intervals from now, 26 hours at least. */
    public Instant expiresAt() {
        Duration three = interval.multipliedBy(3);
        return at.plus(three.compareTo(SHORTEST) < 0 ? SHORTEST : three);
    }

    /**
     * Whether an event has to be renewed though nothing has changed: less than two intervals remain.
     *
     * @param expiry until when it counts
     */
    public boolean renews(Instant expiry) {
        return expiry.isBefore(at.plus(interval.multipliedBy(2)));
    }

    /** Whether it counts as one occurrence. What is noticed between two runs belongs to neither. */
    boolean isRun() {
        return runId != 0 || cause.equals(WATCH);
    }

    /** Whether an operator asked, who may ask as often as it takes: that makes nothing worse. */
    boolean isByOperator() {
        return cause.equals(OPERATOR);
    }
}
