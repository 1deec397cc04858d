package io.licenserelay.incident.event;

import io.licenserelay.config.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The context of an incident change.
 *
 * @param site null for an incident of the relay itself
 * @param runId also the events' correlation id; 0 outside of runs
 * @param cause the cause of the run: {@code schedule}, {@code catch-up}, {@code operator}
 * @param traceparent W3C trace context of the run
 * @param at when the change was detected
 * @param interval the time between two runs or checks
 * @param changed the differences from the last successful run; null if none are known
 * @param impact the loss that the incident threatens; null if no deadline is known
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

    /** The cause of a check of a Manager. */
    public static final String WATCH = "watch";

    private static final String OPERATOR = "operator";
    private static final Duration A_DAY = Duration.ofDays(1);

    /** The minimum, so that a frequent schedule does not repeat unchanged events every quarter of an hour. */
    private static final Duration MIN_VALIDITY = Duration.ofHours(26);

    /** The context of an incident that the relay detected itself, outside of a run. */
    public static IncidentContext ofTheRelay(Instant now) {
        String trace = "00-" + UUID.randomUUID().toString().replace("-", "") + "-" + "0".repeat(15) + "1-00";
        return new IncidentContext(null, 0, now, "relay", trace, now, A_DAY, null, null);
    }

    /** A copy with another interval, for checks that are not runs. */
    public IncidentContext every(Duration time) {
        return new IncidentContext(site, runId, startedAt, cause, traceparent, at, time, changed, impact);
    }

    /** A copy with the differences from the last successful run. */
    public IncidentContext changed(@Nullable SinceGoodRun since) {
        return new IncidentContext(site, runId, startedAt, cause, traceparent, at, interval, since, impact);
    }

    /** A copy with the threatened loss. */
    public IncidentContext endangering(@Nullable IncidentImpact deadline) {
        return new IncidentContext(site, runId, startedAt, cause, traceparent, at, interval, changed, deadline);
    }

    /** When the event expires: after three intervals, at least after 26 hours. */
    public Instant expiresAt() {
        Duration three = interval.multipliedBy(3);
        return at.plus(three.compareTo(MIN_VALIDITY) < 0 ? MIN_VALIDITY : three);
    }

    /**
     * Whether an unchanged event has to be renewed: fewer than two intervals remain.
     *
     * @param expiry when the event expires
     */
    public boolean renews(Instant expiry) {
        return expiry.isBefore(at.plus(interval.multipliedBy(2)));
    }

    /** Whether the change counts as an occurrence. A detection between two runs does not count. */
    boolean isRun() {
        return runId != 0 || cause.equals(WATCH);
    }

    /** Whether an operator requested the run. Such runs do not raise the severity. */
    boolean isByOperator() {
        return cause.equals(OPERATOR);
    }
}
