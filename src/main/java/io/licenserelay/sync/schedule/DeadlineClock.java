package io.licenserelay.sync.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock for deadlines and retention times. After the wall clock was set forward, this clock continues from the old
 * time until the skipped time has really passed. A wrong wall clock therefore makes nothing overdue and removes nothing
 * early. This clock is never ahead of the wall clock. Thread-safe.
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

    /** Records a step of the wall clock; negative if it was set back. */
    synchronized void stepped(Duration by) {
        Duration all = behind().plus(by);
        behind(all.isNegative() ? Duration.ZERO : all);
    }

    /** Records a reading of the wall clock without a step since the last call. */
    synchronized void observe(Instant at) {
        observedAt = at;
        observedNanos = nanos.getAsLong();
    }

    /**
     * Limits the time to the last reading plus the elapsed time. A wall clock that is further ahead was set, but the
     * step is not detected yet.
     */
    private Instant unstepped(Instant now) {
        if (observedAt == null) {
            return now;
        }
        Instant limit = observedAt.plusNanos(nanos.getAsLong() - observedNanos).plus(ClockStepDetector.MIN_STEP);
        return now.isAfter(limit) ? limit : now;
    }

    /** Restores the state of an earlier process. */
    synchronized void resume(Duration limit, Instant end) {
        Duration remaining = Duration.between(wall.instant(), end);
        behind(remaining.isNegative() || remaining.compareTo(limit) > 0 ? Duration.ZERO : limit);
        until = nanos.getAsLong() + Math.max(0, remaining.toNanos());
    }

    private void behind(Duration time) {
        behind = time;
        until = nanos.getAsLong() + time.toNanos();
    }

    /** The current lag behind the wall clock. */
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
        throw new UnsupportedOperationException("this clock has no other zones");
    }
}
