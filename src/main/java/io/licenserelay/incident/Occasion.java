package io.licenserelay.incident;

import io.licenserelay.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * In whose course something was noticed.
 *
 * @param site null when it concerns the relay itself
 * @param runId also the events' correlation id
 * @param cause why the run ran: {@code schedule}, {@code catch-up}, {@code operator}
 * @param traceparent W3C trace context of the run
 * @param expiresAt when the next word of it is due: the next scheduled run and some grace
 * @param changed what differs from the last good run; null when nothing does, or nothing is known
 * @param impact the deadline that this endangers, if there is one
 */
public record Occasion(
        @Nullable Site site,
        long runId,
        Instant startedAt,
        String cause,
        String traceparent,
        Instant expiresAt,
        @Nullable SinceGoodRun changed,
        @Nullable Impact impact) {

    private static final Duration A_DAY = Duration.ofDays(1);

    /** No run of a site: the relay noticed it by itself. */
    public static Occasion ofTheRelay(Instant now) {
        String trace = "00-" + UUID.randomUUID().toString().replace("-", "") + "-" + "0".repeat(15) + "1-00";
        return new Occasion(null, 0, now, "relay", trace, now.plus(A_DAY), null, null);
    }

    /** The same where the next word is due at another time than the next run. */
    public Occasion expiring(Instant at) {
        return new Occasion(site, runId, startedAt, cause, traceparent, at, changed, impact);
    }

    /** The same with what has changed. */
    public Occasion changed(@Nullable SinceGoodRun since) {
        return new Occasion(site, runId, startedAt, cause, traceparent, expiresAt, since, impact);
    }

    /** The same with what is endangered. */
    public Occasion endangering(@Nullable Impact deadline) {
        return new Occasion(site, runId, startedAt, cause, traceparent, expiresAt, changed, deadline);
    }
}
