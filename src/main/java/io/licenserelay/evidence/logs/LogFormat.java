package io.licenserelay.evidence.logs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/** One way of writing lines: a pattern, and what its groups mean. Stateless. */
interface LogFormat {
    /** The line's head, if it is of this format. */
    Optional<Header> header(String line);

    /** In the order in which they are tried; each knows its own lines by their beginning. */
    List<LogFormat> ALL = List.of(new ManagerFormat(), new SyslogFormat(), new IsoFormat(), ProgramFormats::header);

    /** The head of a line in whichever format; a line with none continues the one before. */
    static Optional<Header> of(String line) {
        for (LogFormat format : ALL) {
            Optional<Header> header = format.header(line);
            if (header.isPresent()) {
                return header;
            }
        }
        return Optional.empty();
    }

    /** The pattern's groups {@code year month day time zone}; a group that is not there is one that the format has not. */
    static Optional<RawStamp> stamp(Matcher match, boolean year, boolean zone) {
        return RawStamp.of(
                year ? match.group("year") : null,
                match.group("month"),
                match.group("day"),
                match.group("time"),
                zone ? match.group("zone") : null);
    }
}
