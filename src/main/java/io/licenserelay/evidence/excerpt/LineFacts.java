package io.licenserelay.evidence.excerpt;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one line of an excerpt, besides its text.
 *
 * @param at time on the relay's clock, corrected by the measured offset of the log's clock; null without a readable timestamp
 * @param uncertainty the line was written between {@code at} and this time after it, on the log's own clock
 * @param zone the origin of its zone: {@code line}, {@code configured}, {@code received}, {@code file-time}, {@code assumed}; null without
 *     timestamp
 * @param year the origin of its year: {@code line}, {@code neighbour}, {@code received}, {@code file-time}; null without timestamp
 * @param program the program that wrote it, if known
 * @param level the program's own level, in lower case
 * @param telling whether a finding was derived from this line
 */
public record LineFacts(
        @Nullable Instant at,
        Duration uncertainty,
        @Nullable String zone,
        @Nullable String year,
        @Nullable String program,
        @Nullable String level,
        LineOwner owner,
        boolean telling) {}
