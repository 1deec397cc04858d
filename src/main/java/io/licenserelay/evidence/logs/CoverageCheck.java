package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.logs.file.Window;
import io.licenserelay.evidence.logs.line.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a window that a log covers.
 *
 * @param from and {@code to}: null if no line covers any of it
 * @param why why the log does not cover the whole window; null if it does
 * @param gap why the log does not cover the failure; empty if it does
 */
record CoverageCheck(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String why,
        Optional<String> gap,
        boolean hasStamps) {
    private static final Duration SLACK = Duration.ofSeconds(60);

    static CoverageCheck of(WindowLines read, Window window) {
        List<Instant> instants = read.lines().stream()
                .map(LogLine::at)
                .flatMap(Stream::ofNullable)
                .sorted()
                .toList();
        if (instants.isEmpty()) {
            return new CoverageCheck(null, null, "no line has a readable time", Optional.empty(), false);
        }
        Instant oldest = instants.get(0);
        Instant newest = instants.get(instants.size() - 1);
        // Lines after the window prove that the log was still being written, even if it has no line within the window.
        Instant known = read.hasLaterLines() && newest.isBefore(window.to()) ? window.to() : newest;
        Instant from = oldest.isAfter(window.from()) ? oldest : window.from();
        Instant to = known.isBefore(window.to()) ? known : window.to();
        boolean none = from.isAfter(to);
        return new CoverageCheck(
                none ? null : from,
                none ? null : to,
                why(read, window, oldest, known),
                gap(window, oldest, known, newest),
                true);
    }

    private static @Nullable String why(WindowLines read, Window window, Instant oldest, Instant known) {
        String start = null;
        if (oldest.isAfter(window.from())) {
            start = read.isBounded() ? "a read limit was reached at " + oldest : "its oldest line is of " + oldest;
        }
        String end = known.isBefore(window.to()) ? "its newest line is of " + known : null;
        return start == null || end == null ? start == null ? end : start : start + ", " + end;
    }

    private static Optional<String> gap(Window window, Instant oldest, Instant known, Instant newest) {
        String start = "no line covers the failure at " + window.failed() + ": the ";
        if (known.isBefore(window.failed().minus(SLACK))) {
            return Optional.of(start + "newest is of " + newest);
        }
        return oldest.isAfter(window.failed().plus(SLACK))
                ? Optional.of(start + "oldest is of " + oldest)
                : Optional.empty();
    }
}
