package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.logs.file.LogSegment;
import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.LogLine;
import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.line.Stamp;
import io.licenserelay.evidence.logs.time.Stamps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a log around a window, including lines that are not shown.
 *
 * @param lines oldest first
 * @param segments the parts of files that they come from, oldest first
 * @param notes limits that a reader must know
 */
public record WindowLines(List<LogLine> lines, List<LogSegment> segments, Set<String> notes) {

    /** The lines of the pieces. The uncertainties of their timestamps become notes. */
    static WindowLines of(String source, List<LogSegment> segments, Set<String> notes) {
        Set<String> all = new LinkedHashSet<>(notes);
        segments.forEach(segment -> all.addAll(segment.stamps().doubts()));
        List<LogLine> lines = new ArrayList<>();
        LogLine last = null;
        for (LogSegment segment : segments) {
            for (RawLine raw : segment.lines()) {
                last = line(source, raw, segment.stamps(), last);
                lines.add(last);
            }
        }
        return new WindowLines(lines, segments, all);
    }

    private static LogLine line(String source, RawLine raw, Stamps stamps, @Nullable LogLine before) {
        Optional<LineHeader> header = stamps.header(raw.text());
        Optional<Stamp> stamp = header.flatMap(stamps::of);
        if (header.isEmpty() && before != null) {
            return new LogLine(
                    source,
                    before.stamp(),
                    true,
                    before.program(),
                    before.level(),
                    before.request(),
                    raw.text(),
                    raw.cut());
        }
        return new LogLine(
                source,
                stamp.orElse(null),
                false,
                header.map(LineHeader::program).orElse(null),
                header.map(LineHeader::level).orElse(null),
                header.map(LineHeader::request).orElse(null),
                raw.text(),
                raw.cut());
    }

    /** The lines on the relay's clock, if the log's clock is ahead by this time. */
    WindowLines behind(Duration ahead) {
        return new WindowLines(lines.stream().map(line -> line.behind(ahead)).toList(), segments, notes);
    }

    /** Whether needed lines were omitted because of a limit. */
    boolean isBounded() {
        return segments.stream().anyMatch(LogSegment::bounded);
    }

    /** Whether the log has later lines, so it covers the window after its oldest line. */
    boolean hasLaterLines() {
        return segments.stream().anyMatch(LogSegment::hasLaterLines);
    }

    /** Bytes read from the disk, including the search. */
    public long fetched() {
        return segments.stream().mapToLong(LogSegment::fetched).sum();
    }
}
