package io.licenserelay.sync.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock by which deadlines pass and old content is removed. After the wall clock was set forward, it goes on from where the wall clock
 * was, until as much time has passed as was skipped: a clock that is set wrong for a while makes nothing overdue and removes nothing early.
 * Never ahead of the wall clock. Thread-safe.
 */
public final class DeadlineClock extends Clock {
    private final Clock wall;
    private final LongSupplier nanos;
    private Duration behind = Duration.ZERO;
    private long until;
    private @Nullable Instant observedAt;
    private long observedNanos;

    public DeadlineClock(Clock wall) {
        this(wall, System::nanoTime);
    }

    DeadlineClock(Clock wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
    }

    /** The wall clock was set, back when negative. */
    synchronized void stepped(Duration by) {
        Duration all = behind().plus(by);
        behind(all.isNegative() ? Duration.ZERO : all);
    }

    /** What the wall clock told just now, and is known not to be set since the last call. */
    synchronized void observe(Instant at) {
        observedAt = at;
        observedNanos = nanos.getAsLong();
    }

    /** Ahead of what was seen last by more than what has passed is a clock that was just set, which nobody has noticed yet. */
    private Instant unstepped(Instant now) {
        if (observedAt == null) {
            return now;
        }
        Instant most = observedAt.plusNanos(nanos.getAsLong() - observedNanos).plus(ClockStepDetector.LEAST);
        return now.isAfter(most) ? most : now;
    }

    /** As an earlier process left it. */
    synchronized void resume(Duration most, Instant end) {
        Duration left = Duration.between(wall.instant(), end);
        behind(left.isNegative() || left.compareTo(most) > 0 ? Duration.ZERO : most);
        until = nanos.getAsLong() + Math.max(0, left.toNanos());
    }

    private void behind(Duration time) {
        behind = time;
        until = nanos.getAsLong() + time.toNanos();
    }

    /** How much it is behind the wall clock now. */
    synchronized Duration behind() {
        if (!behind.isZero() && nanos.getAsLong() - until >= 0) {
            behind = Duration.ZERO;
        }
        return behind;
    }

    @Override
    public synchronized Instant instant() {
        return unstepped(wall.instant()).minus(behind());
    }

    @Override
    public ZoneId getZone() {
        return wall.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("zones are for the edges");
    }
}
