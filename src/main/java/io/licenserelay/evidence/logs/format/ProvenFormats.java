package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The formats of one file: those that a line shows by itself, and those that need several lines as proof.
 *
 * @param needed tried after the others
 * @param doubts what an honest reader must know
 */
public record ProvenFormats(List<LogFormat> needed, List<String> doubts) {
    /** For lines of which no neighbours are known. */
    public static final ProvenFormats NONE = new ProvenFormats(List.of(NumericDateFormat.UNPROVEN), List.of());

    private static final String NO_ORDER = "the order of day, month and year in its stamps is not proven by its lines:"
            + " such lines are without time";

    /**
     * @param lines of the file in its order, a bounded number
     * @param modified no line is much later
     */
    public static ProvenFormats of(List<String> lines, Instant modified) {
        List<String> others =
                lines.stream().filter(line -> LogFormat.of(line).isEmpty()).toList();
        Optional<LogFormat> dates = NumericDateFormat.provenBy(
                others, modified.atZone(ZoneOffset.UTC).toLocalDate().plusDays(1));
        boolean unproven = dates.filter(NumericDateFormat.UNPROVEN::equals).isPresent();
        return new ProvenFormats(
                Stream.concat(
                                EpochFormat.provenBy(others, modified).stream(),
                                Stream.of(dates.orElse(NumericDateFormat.UNPROVEN)))
                        .toList(),
                unproven ? List.of(NO_ORDER) : List.of());
    }

    /** The head of a line; without stamp when a stamp is there that may mean several days. */
    public Optional<LineHeader> header(String line) {
        Optional<LineHeader> own = LogFormat.of(line);
        return own.isPresent()
                ? own
                : needed.stream()
                        .flatMap(format -> format.header(line).stream())
                        .findFirst();
    }
}
