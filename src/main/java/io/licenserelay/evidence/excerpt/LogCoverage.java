package io.licenserelay.evidence.excerpt;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which time an excerpt was to tell of, and which it does.
 *
 * @param requestedFrom and {@code requestedTo}: the window around the failure
 * @param from and {@code to}: what of it the log's lines tell, on our clock; null when nothing
 * @param why it is shorter than what was asked for; null when it is not
 * @param ahead how far the log's clock is ahead of ours; null when nobody measured it
 * @param slices what was read, oldest first
 */
public record LogCoverage(
        Instant requestedFrom,
        Instant requestedTo,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String why,
        @Nullable Duration ahead,
        List<ByteRange> slices) {}
