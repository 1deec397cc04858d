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
 * The known facts about a log's timestamps while its files are read, newest first. The facts of a file also apply to older files.
 *
 * @param configured the configured zone, or null
 * @param known the zone learned from the newer file
 * @param notAfter the time of the oldest line of the newer file
 */
public record LogTimes(
        @Nullable ZoneId configured,
        @Nullable SourceZone known,
        @Nullable Instant notAfter) {

    /** Learns from the first and last lines of a file. */
    Stamps learn(List<RawLine> first, List<RawLine> last, Instant modified) {
        return stamps(StampHints.of(texts(first), texts(last), modified));
    }

    /** Learns from the first lines of a file whose end is unknown. */
    Stamps learnBeginning(List<RawLine> first, Instant modified) {
        return stamps(StampHints.ofBeginning(texts(first), modified));
    }

    private static List<String> texts(List<RawLine> lines) {
        return lines.stream().map(RawLine::text).toList();
    }

    private Stamps stamps(StampHints hints) {
        return known == null ? hints.stamps(configured, notAfter) : hints.stamps(known, notAfter);
    }

    /** The facts for the file before this one. */
    public LogTimes before(LogSegment newer) {
        return new LogTimes(configured, newer.stamps().zone(), newer.oldest().orElse(notAfter));
    }
}
