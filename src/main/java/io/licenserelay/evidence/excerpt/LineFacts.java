package io.licenserelay.evidence.excerpt;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one line of an excerpt, besides its text.
 *
 * @param at on our clock: the log's own is corrected by what was measured; null when it has no stamp that can be read
 * @param uncertainty it was written not earlier than {@code at} and not later than this after it, on the log's own clock
 * @param zone where its zone came from: {@code line}, {@code configured}, {@code received}, {@code file-time}, {@code assumed}; null without stamp
 * @param year where its year came from: {@code line}, {@code neighbour}, {@code received}, {@code file-time}; null without stamp
 * @param program that wrote it, as far as known
 * @param level as the program calls it, in lower case
 * @param telling a finding rests on this line
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
