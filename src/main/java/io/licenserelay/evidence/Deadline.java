package io.licenserelay.evidence;

import java.time.Duration;

/** A deadline on the monotonic clock. Immutable. */
public final class Deadline {
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** The remaining time, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** The remaining milliseconds for a socket timeout: at least 1, because 0 means no timeout. */
    public int leftMillis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left().toMillis()));
    }

    public boolean passed() {
        return left().isZero();
    }
}
