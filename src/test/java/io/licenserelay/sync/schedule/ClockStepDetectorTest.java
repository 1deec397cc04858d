package io.licenserelay.sync.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Clock steps, and gaps that are not clock steps. */
class ClockStepDetectorTest {
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private Instant now = Instant.parse("2026-01-13T12:00:00Z");
    private Duration monotonic = Duration.ofHours(5);
    private Optional<Duration> uptime = Optional.of(Duration.ofHours(7));

    private final Clock wall = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    private final ClockStepDetector steps = new ClockStepDetector(wall, () -> monotonic.toNanos(), () -> uptime);

    @Test
    void aClockSetBackIsDetectedOnceWithTheExpectedTime() {
        pass(Duration.ofMillis(500));
        now = now.minus(TWO_DAYS);
        Instant expected = Instant.parse("2026-01-13T12:00:00.500Z");
        assertThat(steps.detect()).contains(new ClockStep(expected, expected.minus(TWO_DAYS)));
        assertThat(steps.detect()).isEmpty();
        pass(Duration.ofMillis(500));
        assertThat(steps.detect()).isEmpty();
    }

    @Test
    void aClockSetForwardIsDetected() {
        pass(Duration.ofMillis(500));
        now = now.plus(TWO_DAYS);
        assertThat(steps.detect().map(ClockStep::by)).contains(TWO_DAYS);
    }

    @Test
    void aStoppedProcessIsNotAClockStep() {
        pass(Duration.ofHours(10));
        assertThat(steps.detect()).isEmpty();
    }

    @Test
    void aSuspendedMachineIsNotAClockStep() {
        // The monotonic clock stops while the machine is suspended.
        now = now.plus(TWO_DAYS);
        uptime = uptime.map(TWO_DAYS::plus);
        assertThat(steps.detect()).isEmpty();
    }

    @Test
    void aClockSetBackDuringSuspendIsDetected() {
        now = now.plus(Duration.ofHours(8)).minus(TWO_DAYS);
        uptime = uptime.map(Duration.ofHours(8)::plus);
        assertThat(steps.detect()).isPresent();
    }

    @Test
    void withoutUptimeAClockThatIsAheadIsNotAClockStep() {
        uptime = Optional.empty();
        now = now.plus(TWO_DAYS);
        assertThat(steps.detect()).isEmpty();
        now = now.minus(TWO_DAYS);
        assertThat(steps.detect().map(ClockStep::by)).contains(TWO_DAYS.negated());
    }

    @Test
    void aSlewedClockIsNotAClockStep() {
        for (int i = 0; i < 10_000; i++) {
            pass(Duration.ofSeconds(60));
            now = now.plusMillis(30);
            assertThat(steps.detect()).isEmpty();
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
        monotonic = monotonic.plus(time);
        uptime = uptime.map(time::plus);
    }
}
