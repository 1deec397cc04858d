package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The format of C's {@code ctime}, {@code date} and Apache's error log: {@code [Sun Dec 04 04:47:44 2005] [notice] text}, also with a zone
 * before the year. A weekday that does not match the date makes the timestamp unreadable.
 */
final class WeekdayFormat implements LogFormat {
    private static final Pattern HEAD =
            Pattern.compile("^\\[?(?<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>[A-Z][a-z]{2}) {1,2}"
                    + "(?<day>\\d{1,2}) (?<time>\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?)"
                    + "(?: (?<zone>[A-Z]{1,5}|[+-]\\d{2}(?::?\\d{2})?))? (?<year>\\d{4})(?=[]\\s:,;]|$)]?:? ?");

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        Optional<RawStamp> stamp = LogFormat.stamp(match, true, true)
                .filter(raw -> weekday(raw, match).equals(match.group("weekday")));
        return Optional.of(stamp.map(raw -> ProgramFormats.within(raw, null, line.substring(match.end())))
                .orElse(LineHeader.UNDATED));
    }

    private static String weekday(RawStamp raw, Matcher match) {
        return LocalDate.of(Integer.parseInt(match.group("year")), raw.month(), raw.day())
                .getDayOfWeek()
                .getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
    }
}
