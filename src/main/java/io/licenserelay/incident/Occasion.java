package io.licenserelay.incident;

import io.licenserelay.site.Site;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * In whose course something was noticed.
 *
 * @param site null when it concerns the relay itself
 * @param runId also the events' correlation id
 * @param cause why the run ran: {@code schedule}, {@code catch-up}, {@code operator}
 * @param traceparent W3C trace context of the run
 * @param expiresAt when the next word of it is due: the next scheduled run and some grace
 */
public record Occasion(
        @Nullable Site site, long runId, Instant startedAt, String cause, String traceparent, Instant expiresAt) {}
