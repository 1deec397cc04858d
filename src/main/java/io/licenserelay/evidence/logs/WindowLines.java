package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.logs.file.LogSegment;
import io.licenserelay.evidence.logs.line.LogLine;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a log holds around a window, more than is shown.
 *
 * @param lines oldest first
 * @param pieces they come from, oldest first
 * @param notes what an honest reader must know
 */
public record WindowLines(List<LogLine> lines, List<LogSegment> pieces, Set<String> notes) {

    /** On our clock, when the log's own is so far ahead. */
    WindowLines behind(Duration ahead) {
        return new WindowLines(lines.stream().map(line -> line.behind(ahead)).toList(), pieces, notes);
    }

    /** Wanted lines were left out because of a bound. */
    boolean isBounded() {
        return pieces.stream().anyMatch(LogSegment::bounded);
    }

    /** It is known of the whole window, as far as it lies behind the oldest line: the log has later lines. */
    boolean goesOn() {
        return pieces.stream().anyMatch(LogSegment::goesOn);
    }

    /** Bytes read from the disk, the searching included. */
    public long fetched() {
        return pieces.stream().mapToLong(LogSegment::fetched).sum();
    }
}
