package io.licenserelay.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.StoppedClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How often an address may try a password. */
class AttemptLimitTest {
    private final StoppedClock clock = new StoppedClock();
    private final AttemptLimit limit = new AttemptLimit(clock);

    @Test
    void anAddressWaitsAfterFiveFailuresUntilTheMinuteIsOver() {
        fail("10.0.0.1", AttemptLimit.MOST - 1);
        assertThat(limit.pause("10.0.0.1")).isZero();
        fail("10.0.0.1", 1);
        assertThat(limit.pause("10.0.0.1")).isEqualTo(AttemptLimit.WINDOW);
        assertThat(limit.pause("10.0.0.2")).isZero();
        clock.advance(AttemptLimit.WINDOW.minusSeconds(1));
        assertThat(limit.pause("10.0.0.1")).isEqualTo(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(limit.pause("10.0.0.1")).isZero();
    }

    @Test
    void aSuccessForgetsTheFailures() {
        fail("10.0.0.1", AttemptLimit.MOST - 1);
        limit.succeeded("10.0.0.1");
        fail("10.0.0.1", AttemptLimit.MOST - 1);
        assertThat(limit.pause("10.0.0.1")).isZero();
    }

    @Test
    void aClockThatWasSetBackDoesNotLockAnAddressForLonger() {
        fail("10.0.0.1", AttemptLimit.MOST);
        clock.advance(Duration.ofDays(-2));
        assertThat(limit.pause("10.0.0.1")).isEqualTo(AttemptLimit.WINDOW);
    }

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            limit.begin(address);
        }
    }
}
