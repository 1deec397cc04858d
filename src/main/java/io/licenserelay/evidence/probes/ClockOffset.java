package io.licenserelay.evidence.probes;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The offset of a server's clock from the relay's, from the {@code Date} header of an answer or from a time server.
 *
 * @param seconds positive if the server's clock is ahead
 * @param uncertainty half the response time in seconds, because the server may have written its date at any moment within it
 */
record ClockOffset(double seconds, double uncertainty) {
    private static final double APART = 2;
    private static final double WRONG = 3600;

    /** A {@code Date} header has whole seconds; the fraction is truncated (RFC 9110, 5.6.7), and is half a second on average. */
    private static final Duration MEAN_FRACTION = Duration.ofMillis(500);

    /** The offset from a time with a fraction, at the middle between request and answer. */
    static ClockOffset exact(Instant time, Instant received, double waitedMillis) {
        double uncertainty = waitedMillis / 2e3;
        double seconds = Duration.between(received, time).toMillis() / 1e3 + uncertainty;
        return new ClockOffset(rounded(seconds), rounded(uncertainty));
    }

    static ClockOffset of(Instant date, Instant received, double waitedMillis) {
        double uncertainty = waitedMillis / 2e3;
        double seconds = Duration.between(received, date.plus(MEAN_FRACTION)).toMillis() / 1e3 + uncertainty;
        return new ClockOffset(rounded(seconds), rounded(uncertainty));
    }

    /** Empty if the response time was too long for a conclusion. */
    Optional<Finding> finding(String host) {
        double distance = Math.abs(seconds);
        if (distance + uncertainty < APART) {
            return Optional.of(
                    new Finding(Findings.CLOCK_WELL, "the clock of " + host + " agrees with the relay's clock"));
        }
        if (distance - uncertainty < APART) {
            return Optional.empty();
        }
        String name = distance - uncertainty > WRONG ? Findings.CLOCK_WRONG : Findings.CLOCK_APART;
        return Optional.of(new Finding(
                name,
                String.format(
                        Locale.ROOT,
                        "the clock of %s is %.1f s %s the relay's clock (±%.1f s)",
                        host,
                        distance,
                        seconds > 0 ? "ahead of" : "behind",
                        uncertainty + MEAN_FRACTION.toMillis() / 1e3)));
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1e3) / 1e3;
    }
}
