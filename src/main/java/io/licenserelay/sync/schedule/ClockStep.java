package io.licenserelay.sync.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * A step of the wall clock.
 *
 * @param expected the time that the clock would show without the step
 * @param observed the time that the clock shows
 */
record ClockStep(Instant expected, Instant observed) {
    /** The size of the step; negative if the clock was set back. */
    Duration by() {
        return Duration.between(expected, observed);
    }

    /** The step as text for people. */
    String text() {
        return "the clock of this machine was set " + (by().isNegative() ? "back" : "forward") + " by "
                + by().abs().toSeconds() + " s, from " + expected + " to " + observed;
    }
}
