package io.licenserelay.evidence.excerpt;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a log with their facts and coverage.
 *
 * @param source the log's name in {@code relay.yaml}
 * @param path the file or endpoint that was read
 * @param lines oldest first, without line ends; control characters are replaced
 * @param from the oldest covered time; null if no line has a readable time
 * @param to the newest covered time
 * @param truncated whether lines or bytes were omitted because of a limit
 * @param note what could not be collected and why, or a limit that a reader must know; null if there is none
 * @param facts one per line; empty if unknown
 * @param coverage null if nothing was read
 */
public record LogExcerpt(
        String source,
        String path,
        List<String> lines,
        @Nullable Instant from,
        @Nullable Instant to,
        boolean truncated,
        @Nullable String note,
        List<LineFacts> facts,
        @Nullable LogCoverage coverage) {

    public LogExcerpt(
            String source,
            String path,
            List<String> lines,
            @Nullable Instant from,
            @Nullable Instant to,
            boolean truncated,
            @Nullable String note) {
        this(source, path, lines, from, to, truncated, note, List.of(), null);
    }

    /** The same excerpt with other lines. The facts are dropped if the number of lines differs. */
    public LogExcerpt with(List<String> others) {
        List<LineFacts> kept = others.size() == lines.size() ? facts : List.of();
        return new LogExcerpt(source, path, others, from, to, truncated, note, kept, coverage);
    }
}
