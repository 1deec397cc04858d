package io.licenserelay.sync.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Deadlines pass by this clock. It is never ahead of the wall clock. */
class DeadlineClockTest {
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private final MovableClock wall = new MovableClock();
    private final AtomicLong nanos = new AtomicLong(-5);
    private final DeadlineClock deadlines = new DeadlineClock(wall, nanos::get);

    @Test
    void afterAStepForwardTheClockStaysBehindUntilTheStepHasPassed() {
        step(TWO_DAYS);
        assertThat(deadlines.behind()).isEqualTo(TWO_DAYS);
        pass(TWO_DAYS.minusMinutes(1));
        assertThat(deadlines.behind()).isEqualTo(TWO_DAYS);
        pass(Duration.ofMinutes(1));
        assertThat(deadlines.behind()).isZero();
    }

    @Test
    void aStepBackReducesTheDelayAndNeverMovesTheClockAhead() {
        step(TWO_DAYS);
        step(Duration.ofDays(1).negated());
        assertThat(deadlines.behind()).isEqualTo(Duration.ofDays(1));
        step(TWO_DAYS.negated());
        assertThat(deadlines.behind()).isZero();
        assertThat(deadlines.instant()).isBeforeOrEqualTo(wall.instant());
    }

    @Test
    void anUndetectedStepForwardPassesNoDeadline() {
        deadlines.observe(wall.instant());
        Instant before = wall.instant();
        wall.forward(TWO_DAYS);
        assertThat(deadlines.instant()).isBefore(before.plusSeconds(60));
        deadlines.stepped(TWO_DAYS);
        deadlines.observe(wall.instant());
        assertThat(deadlines.instant()).isBefore(before.plus(Duration.ofMinutes(10)));
    }

    @Test
    void theRemainingDelayContinuesAfterARestart() {
        Instant end = wall.instant().plus(Duration.ofHours(1));
        deadlines.resume(TWO_DAYS, end);
        assertThat(deadlines.behind()).isEqualTo(TWO_DAYS);
        pass(Duration.ofHours(1));
        assertThat(deadlines.behind()).isZero();
        deadlines.resume(TWO_DAYS, wall.instant().minusSeconds(1));
        assertThat(deadlines.behind()).isZero();
    }

    private void step(Duration by) {
        wall.forward(by);
        deadlines.stepped(by);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
