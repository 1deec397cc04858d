package io.licenserelay.evidence;

import java.time.Duration;

/** A moment on the monotonic clock after which nobody waits any more. Immutable. */
public final class Deadline {
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** What is left, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** What is left in milliseconds for a socket timeout: 1 at least, since 0 means for ever there. */
    public int leftMillis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left().toMillis()));
    }

    public boolean passed() {
        return left().isZero();
    }
}
