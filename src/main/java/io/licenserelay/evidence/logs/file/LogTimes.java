package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.time.SourceZone;
import io.licenserelay.evidence.logs.time.StampHints;
import io.licenserelay.evidence.logs.time.Stamps;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a log's time while its files are read, the newest first: what one file tells holds for those before it.
 *
 * @param configured zone, null when there is none
 * @param known the zone as the newer file told it
 * @param notAfter the oldest line of the newer file
 */
public record LogTimes(
        @Nullable ZoneId configured,
        @Nullable SourceZone known,
        @Nullable Instant notAfter) {

    /** By the first and the last lines of a file. */
    Stamps learn(List<RawLine> first, List<RawLine> last, Instant modified) {
        return stamps(StampHints.of(texts(first), texts(last), modified));
    }

    /** By the first lines of a file whose end is not known. */
    Stamps learnBeginning(List<RawLine> first, Instant modified) {
        return stamps(StampHints.ofBeginning(texts(first), modified));
    }

    private static List<String> texts(List<RawLine> lines) {
        return lines.stream().map(RawLine::text).toList();
    }

    private Stamps stamps(StampHints clues) {
        return known == null ? clues.stamps(configured, notAfter) : clues.stamps(known, notAfter);
    }

    /** For the file before the one that this piece is of. */
    public LogTimes before(LogSegment newer) {
        return new LogTimes(configured, newer.stamps().zone(), newer.oldest().orElse(notAfter));
    }
}
