package io.licenserelay.evidence.excerpt;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requested and the covered time of an excerpt.
 *
 * @param requestedFrom and {@code requestedTo}: the window around the failure
 * @param from and {@code to}: the part of the window that the log covers, on the relay's clock; null if none
 * @param why why the covered time is shorter than the window; null if it is not
 * @param ahead how far the log's clock is ahead of the relay's clock; null if not measured
 * @param slices the byte ranges that were read, oldest first
 */
public record LogCoverage(
        Instant requestedFrom,
        Instant requestedTo,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String why,
        @Nullable Duration ahead,
        List<ByteRange> slices) {}
