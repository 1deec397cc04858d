package io.licenserelay.http;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A monotonic clock: it measures elapsed time and ignores changes of the wall clock. Its origin is arbitrary, so use it only for waiting.
 * Thread-safe.
 */
public final class ElapsedClock extends Clock {
    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(System.nanoTime());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a monotonic clock has no time zone");
    }
}
