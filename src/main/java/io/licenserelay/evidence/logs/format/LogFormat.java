package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/** One way of writing lines: a pattern, and what its groups mean. Stateless. */
public interface LogFormat {
    /** The line's head, if it is of this format. */
    Optional<LineHeader> header(String line);

    /** Behind a time: what a clock of twelve hours shows is not read, since its half of the day would be lost. */
    String NO_HALF_DAY = "(?! ?[AaPp]\\.?[Mm]\\b)";

    /** In the order in which they are tried; each knows its own lines by their beginning. */
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

    /** The head of a line in whichever format; a line with none continues the one before. */
    static Optional<LineHeader> of(String line) {
        Optional<LineHeader> received = RECEIVED.header(line);
        return received.isPresent() ? received : ofMessage(line);
    }

    /** The same for what somebody sent: what a sender writes of when it was received counts for nothing. */
    static Optional<LineHeader> ofMessage(String message) {
        for (LogFormat format : MESSAGES) {
            Optional<LineHeader> header = format.header(message);
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
