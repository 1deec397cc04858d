package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/** A log line format: a pattern and the meaning of its groups. Stateless. */
public interface LogFormat {
    /** The header of the line; empty if the line has another format. */
    Optional<LineHeader> header(String line);

    /** After a time: 12-hour times are not read, because the half of the day would be lost. */
    String NO_HALF_DAY = "(?! ?[AaPp]\\.?[Mm]\\b)";

    /** The formats in the order in which they are tried. Each recognizes its lines by their beginning. */
    List<LogFormat> MESSAGES = List.of(
            new ManagerFormat(),
            StampedFormat.SYSLOG,
            StampedFormat.RFC_5424,
            ProgramFormats::header,
            StampedFormat.ISO,
            StampedFormat.ACCESS,
            new WeekdayFormat(),
            new CompactFormat(),
            new LogcatFormat(),
            new EpochDateFormat());

    LogFormat RECEIVED = new ReceivedFormat();

    /** The header of a line in any format. A line without a header continues the previous one. */
    static Optional<LineHeader> of(String line) {
        Optional<LineHeader> received = RECEIVED.header(line);
        return received.isPresent() ? received : ofMessage(line);
    }

    /** The header of a received message. Its own claim about when it was received is ignored. */
    static Optional<LineHeader> ofMessage(String message) {
        for (LogFormat format : MESSAGES) {
            Optional<LineHeader> header = format.header(message);
            if (header.isPresent()) {
                return header;
            }
        }
        return Optional.empty();
    }

    /** Builds a timestamp from the pattern's groups {@code year month day time zone}; a format may lack some groups. */
    static Optional<RawStamp> stamp(Matcher match, boolean year, boolean zone) {
        return RawStamp.of(
                year ? match.group("year") : null,
                match.group("month"),
                match.group("day"),
                match.group("time"),
                zone ? match.group("zone") : null);
    }
}
