package io.licenserelay.evidence.probes;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a server's clock is from ours, read off the {@code Date} of its answer, or told by a time server.
 *
 * @param seconds positive when the server's clock is ahead
 * @param doubt half the time that the answer took, in seconds: when within it the server wrote its date is not known
 */
record ClockOffset(double seconds, double doubt) {
    private static final double APART = 2;
    private static final double WRONG = 3600;

    /** A date has whole seconds, the rest cut off (RFC 9110, 5.6.7). */
    private static final Duration CUT_OFF = Duration.ofMillis(500);

    /** Of a time that is not cut off, of the middle between question and answer. */
    static ClockOffset exact(Instant time, Instant received, double waitedMillis) {
        double doubt = waitedMillis / 2e3;
        double seconds = Duration.between(received, time).toMillis() / 1e3 + doubt;
        return new ClockOffset(rounded(seconds), rounded(doubt));
    }

    static ClockOffset of(Instant date, Instant received, double waitedMillis) {
        double doubt = waitedMillis / 2e3;
        double seconds = Duration.between(received, date.plus(CUT_OFF)).toMillis() / 1e3 + doubt;
        return new ClockOffset(rounded(seconds), rounded(doubt));
    }

    /** None when the answer took too long to tell. */
    Optional<Finding> finding(String host) {
        double distance = Math.abs(seconds);
        if (distance + doubt < APART) {
            return Optional.of(new Finding(Findings.CLOCK_WELL, "the clock of " + host + " agrees with ours"));
        }
        if (distance - doubt < APART) {
            return Optional.empty();
        }
        String name = distance - doubt > WRONG ? Findings.CLOCK_WRONG : Findings.CLOCK_APART;
        return Optional.of(new Finding(
                name,
                String.format(
                        Locale.ROOT,
                        "the clock of %s is %.1f s %s ours (±%.1f s)",
                        host,
                        distance,
                        seconds > 0 ? "ahead of" : "behind",
                        doubt + CUT_OFF.toMillis() / 1e3)));
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1e3) / 1e3;
    }
}
