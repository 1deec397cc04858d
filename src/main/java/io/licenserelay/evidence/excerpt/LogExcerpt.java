package io.licenserelay.evidence.excerpt;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a log, and what may be concluded from them.
 *
 * @param source the log's name in {@code relay.yaml}
 * @param path where it was read
 * @param lines oldest first, without line ends, control characters replaced
 * @param from the oldest instant covered, null when no line carries a time that could be read
 * @param to the newest instant covered
 * @param truncated lines or bytes were left out because of a bound
 * @param note what could not be collected and why, or what an honest reader must know; null when nothing
 * @param facts one for each line; empty when nothing is known of them
 * @param coverage null when nothing was read
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

    /** The same with other lines; if they are not as many, nothing is known of them any more. */
    public LogExcerpt with(List<String> others) {
        List<LineFacts> kept = others.size() == lines.size() ? facts : List.of();
        return new LogExcerpt(source, path, others, from, to, truncated, note, kept, coverage);
    }
}
