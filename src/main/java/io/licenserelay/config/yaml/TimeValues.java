package io.licenserelay.config.yaml;

import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Date;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** Parses schedules, time zones and dates. */
public final class TimeValues {
    private static final String EXAMPLE = "write six fields, seconds first, as in \"0 0 2 * * ?\" (daily at 02:00)";

    private TimeValues() {}

    /** A Quartz expression with at least one future fire time. */
    public static String cron(String given) throws BadValue {
        try {
            Date next = new CronExpression(given).getNextValidTimeAfter(Date.from(Instant.now()));
            if (next == null) {
                throw new BadValue('"' + given + "\" never fires", EXAMPLE);
            }
            return given;
        } catch (ParseException | RuntimeException e) {
            // Quartz throws various RuntimeExceptions for some invalid texts.
            throw new BadValue('"' + given + "\" is not a Quartz expression: " + e.getMessage(), EXAMPLE);
        }
    }

    /** The shortest interval between two of the next hundred fire times. */
    public static Duration shortestInterval(String cron, ZoneId zone) {
        try {
            CronExpression expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone(zone.normalized()));
            Duration shortest = Duration.ofDays(366);
            Date fire = expression.getNextValidTimeAfter(Date.from(Instant.now()));
            for (int i = 0; i < 100 && fire != null; i++) {
                Date next = expression.getNextValidTimeAfter(fire);
                if (next != null) {
                    Duration interval = Duration.between(fire.toInstant(), next.toInstant());
                    shortest = interval.compareTo(shortest) < 0 ? interval : shortest;
                }
                fire = next;
            }
            return shortest;
        } catch (ParseException e) {
            throw new IllegalArgumentException(cron, e);
        }
    }

    public static ZoneId zone(String given) throws BadValue {
        try {
            return ZoneId.of(given);
        } catch (DateTimeException e) {
            throw new BadValue(
                    '"' + given + "\" is not a time zone",
                    Spelling.closest(given, ZoneId.getAvailableZoneIds())
                            .map(similar -> "did you mean \"" + similar + "\"?")
                            .orElse("write a name such as UTC or Europe/Paris"));
        }
    }

    public static LocalDate date(String given) throws BadValue {
        try {
            return LocalDate.parse(given);
        } catch (DateTimeParseException e) {
            throw new BadValue('"' + given + "\" is not a date", "write year-month-day, as in 2027-08-04");
        }
    }
}
