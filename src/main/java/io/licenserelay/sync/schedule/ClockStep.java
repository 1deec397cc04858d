package io.licenserelay.sync.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * The wall clock was set.
 *
 * @param expected what it would tell now if it had not been set
 * @param observed what it tells now
 */
record ClockStep(Instant expected, Instant observed) {
    /** Negative when it was set back. */
    Duration by() {
        return Duration.between(expected, observed);
    }

    /** For people. */
    String text() {
        return "the clock of this machine was set " + (by().isNegative() ? "back" : "forward") + " by "
                + by().abs().toSeconds() + " s, from " + expected + " to " + observed;
    }
}
