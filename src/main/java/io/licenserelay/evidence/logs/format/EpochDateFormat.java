package io.licenserelay.evidence.logs.format;

import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.RawStamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Logs of large clusters such as BGL and Thunderbird: {@code - 1117838570 2005.06.03 node text}. The date proves that the number is an
 * epoch time: both are of the same day, or of adjacent days because of the zone.
 */
final class EpochDateFormat implements LogFormat {
    private static final Pattern HEAD = Pattern.compile(
            "^\\S{1,40} (?<epoch>\\d{9,10}) (?<year>\\d{4})\\.(?<month>\\d{2})\\.(?<day>\\d{2}) (?:\\S{1,100} ?)?");

    @Override
    public Optional<LineHeader> header(String line) {
        Matcher match = HEAD.matcher(line);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(match.group("epoch")));
        return Optional.of(
                isOfDay(at, match)
                        ? ProgramFormats.within(
                                RawStamp.of(at, Duration.ofSeconds(1)), null, line.substring(match.end()))
                        : LineHeader.UNDATED);
    }

    private static boolean isOfDay(Instant at, Matcher match) {
        try {
            LocalDate day = LocalDate.of(
                    Integer.parseInt(match.group("year")),
                    Integer.parseInt(match.group("month")),
                    Integer.parseInt(match.group("day")));
            return Math.abs(day.toEpochDay()
                            - LocalDate.ofInstant(at, ZoneOffset.UTC).toEpochDay())
                    <= 1;
        } catch (DateTimeException noSuchDay) {
            return false;
        }
    }
}
