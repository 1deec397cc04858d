package io.licenserelay.evidence.logs.line;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A timestamp as written in a line, before its year and zone are determined.
 *
 * @param year null if the line has none (RFC 3164)
 * @param zone an abbreviation or an offset, or null if the line has none
 * @param resolution precision of the time
 */
public record RawStamp(
        @Nullable Integer year,
        int month,
        int day,
        LocalTime time,
        @Nullable String zone,
        Duration resolution) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,2}");

    /**
     * @param month a number, or a name that {@link MonthNames} knows
     * @param time {@code 11:17:01}, optionally with a fraction after a dot or comma
     * @return empty if the month, day or time is invalid
     */
    public static Optional<RawStamp> of(
            @Nullable String year, String month, String day, String time, @Nullable String zone) {
        int number = NUMBER.matcher(month).matches() ? Integer.parseInt(month) : MonthNames.number(month);
        try {
            LocalTime parsed = time(time);
            Integer given = year == null ? null : Integer.valueOf(year);
            // A leap year if there is no year, so that February 29 is valid.
            LocalDate.of(given == null ? 2024 : given, number, Integer.parseInt(day));
            int digits = time.length() - "hh:mm:ss".length() - 1;
            Duration resolution = digits < 1 ? Duration.ofSeconds(1) : Duration.ofMillis(digits < 3 ? 100 : 1);
            return Optional.of(new RawStamp(given, number, Integer.parseInt(day), parsed, zone, resolution));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }

    /** The timestamp of an epoch time. */
    public static RawStamp of(Instant at, Duration resolution) {
        LocalDateTime utc = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        return new RawStamp(
                utc.getYear(), utc.getMonthValue(), utc.getDayOfMonth(), utc.toLocalTime(), "Z", resolution);
    }

    /** Without a fraction the digits have fixed positions; reading them directly is much faster than parsing. */
    private static LocalTime time(String time) {
        return time.length() == "hh:mm:ss".length()
                ? LocalTime.of(two(time, 0), two(time, 3), two(time, 6))
                : LocalTime.parse(time.replace(',', '.'));
    }

    private static int two(String time, int at) {
        return (time.charAt(at) - '0') * 10 + time.charAt(at + 1) - '0';
    }

    public boolean sameDay(RawStamp other) {
        return month == other.month && day == other.day;
    }
}
