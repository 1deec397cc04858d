package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * The time that is looked at in a log.
 *
 * @param earliest from here on a refusal may still be a cause of its own
 * @param from what is earlier has hardly to do with the failure
 * @param failed when it failed
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

    /** As a clock shows it that is so far ahead of ours. */
    public Window ahead(Duration offset) {
        return new Window(earliest.plus(offset), from.plus(offset), failed.plus(offset), to.plus(offset));
    }
}
