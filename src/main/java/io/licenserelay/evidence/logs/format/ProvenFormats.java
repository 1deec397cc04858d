package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The formats of one file: those that a single line proves, and those that several lines prove.
 *
 * @param needed formats that several lines prove; tried after the others
 * @param doubts limits that a reader must know
 */
public record ProvenFormats(List<LogFormat> needed, List<String> doubts) {
    /** For single lines without context. */
    public static final ProvenFormats NONE = new ProvenFormats(List.of(NumericDateFormat.UNPROVEN), List.of());

    private static final String NO_ORDER =
            "the lines do not prove the order of day, month and year in their timestamps:"
                    + " these lines have no time";

    /**
     * @param lines lines of the file in order, a limited number
     * @param modified time of the last write; no line is much later
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

    /** The header of a line; without a timestamp if the timestamp is ambiguous. */
    public Optional<LineHeader> header(String line) {
        Optional<LineHeader> own = LogFormat.of(line);
        return own.isPresent()
                ? own
                : needed.stream()
                        .flatMap(format -> format.header(line).stream())
                        .findFirst();
    }
}
