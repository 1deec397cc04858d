package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * The relevant period of a log.
 *
 * @param earliest a refusal after this time may be a cause
 * @param from lines before this time are hardly related to the failure
 * @param failed time of the failure
 */
public record Window(Instant earliest, Instant from, Instant failed, Instant to) {
    private static final Duration LONG_BEFORE = Duration.ofHours(1);
    private static final Duration BEFORE = Duration.ofMinutes(5);
    private static final Duration AFTER = Duration.ofMinutes(1);

    /** Five minutes before the failed exchange began, to one minute after it failed. */
    public static Window around(Failure failure) {
        HttpExchangeRecord exchange = failure.exchange();
        Duration took = exchange == null ? Duration.ZERO : exchange.took();
        return new Window(
                failure.at().minus(LONG_BEFORE),
                failure.at().minus(took).minus(BEFORE),
                failure.at(),
                failure.at().plus(AFTER));
    }

    /** The window on a clock that is ahead of the relay's by this offset. */
    public Window ahead(Duration offset) {
        return new Window(earliest.plus(offset), from.plus(offset), failed.plus(offset), to.plus(offset));
    }
}
