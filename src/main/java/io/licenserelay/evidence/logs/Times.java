package io.licenserelay.evidence.logs;

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
record Times(
        @Nullable ZoneId configured,
        @Nullable SourceZone known,
        @Nullable Instant notAfter) {

    /** By the first and the last lines of a file. */
    Stamps learn(List<RawLine> first, List<RawLine> last, Instant modified) {
        return stamps(Clues.of(texts(first), texts(last), modified));
    }

    /** By the first lines of a file whose end is not known. */
    Stamps learnBeginning(List<RawLine> first, Instant modified) {
        return stamps(Clues.ofBeginning(texts(first), modified));
    }

    private static List<String> texts(List<RawLine> lines) {
        return lines.stream().map(RawLine::text).toList();
    }

    private Stamps stamps(Clues clues) {
        return known == null ? clues.stamps(configured, notAfter) : clues.stamps(known, notAfter);
    }

    /** For the file before the one that this piece is of. */
    Times before(Piece newer) {
        return new Times(configured, newer.stamps().zone(), newer.oldest().orElse(notAfter));
    }
}
