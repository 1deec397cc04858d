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

    Stamps learn(List<RawLine> sample, Instant modified) {
        Clues clues = Clues.of(sample.stream().map(RawLine::text).toList(), modified);
        return known == null ? clues.stamps(configured, notAfter) : clues.stamps(known, notAfter);
    }

    /** For the file before the one that this piece is of. */
    Times before(Piece newer) {
        return new Times(configured, newer.stamps().zone(), newer.oldest().orElse(notAfter));
    }
}
