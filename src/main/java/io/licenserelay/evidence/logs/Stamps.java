package io.licenserelay.evidence.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instants of the lines of one file. Three families: the SD-WAN Manager's ({@code 13-Jan-2023 17:29:02,775 IST},
 * {@code 11-June-2026 …}), syslog's ({@code Jan 13 11:17:01}, RFC 3164), and nginx's or ISO 8601
 * ({@code 2023/07/13 11:17:01}, {@code 2026-06-11T07:57:33.635Z}). A stamp without year is the last such day before the
 * file was written, one without zone is in the configured zone.
 */
final class Stamps {
    private static final Pattern MANAGER =
            Pattern.compile("^(\\d{1,2})-([A-Za-z]{3,9})-(\\d{4}) (\\S{8,12}) ([A-Z]{1,5})\\b.*");
    private static final Pattern SYSLOG =
            Pattern.compile("^([A-Z][a-z]{2}) {1,2}(\\d{1,2}) (\\d{2}:\\d{2}:\\d{2})\\b.*");
    private static final Pattern YEAR_FIRST = Pattern.compile(
            "^\\[?(\\d{4})[-/](\\d{2})[-/](\\d{2})[T ](\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?)(Z|[+-]\\d{2}:\\d{2})?.*");

    /** nginx's own stamp, further in. */
    private static final Pattern INNER = Pattern.compile(": (\\d{4})/(\\d{2})/(\\d{2}) \\d{2}:\\d{2}:\\d{2} \\[");

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    /** Far enough back for a 29th of February. */
    private static final int YEARS_BACK = 8;

    private final ZoneId zone;
    private final LocalDate newest;
    private final Set<String> doubts = new LinkedHashSet<>();

    /**
     * @param zone of stamps without zone
     * @param modified when the file was last written
     */
    Stamps(ZoneId zone, Instant modified) {
        this.zone = zone;
        // A day of grace, since the writer's clock and zone may be other ones than this machine's.
        this.newest = modified.atZone(zone).toLocalDate().plusDays(1);
    }

    /** The instant of a line; none when it has no stamp, or one that cannot be read for sure. */
    Optional<Instant> of(String line) {
        try {
            return manager(line).or(() -> syslog(line)).or(() -> yearFirst(line));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty();
        }
    }

    /** What an honest reader must know about the lines read so far. */
    Set<String> doubts() {
        return doubts;
    }

    private Optional<Instant> manager(String line) {
        Matcher match = MANAGER.matcher(line);
        if (!match.matches()) {
            return Optional.empty();
        }
        LocalDate date = LocalDate.of(number(match, 3), month(match.group(2)), number(match, 1));
        LocalDateTime local = date.atTime(time(match.group(4)));
        String abbreviation = match.group(5);
        Optional<ZoneOffset> offset = ZoneAbbreviations.offset(abbreviation, local, zone);
        if (offset.isEmpty()) {
            doubts.add("the zone " + abbreviation + " of its stamps is not the configured " + zone
                    + " and means nothing for sure: set the log's zone");
        }
        return offset.map(local::toInstant);
    }

    private Optional<Instant> syslog(String line) {
        Matcher match = SYSLOG.matcher(line);
        if (!match.matches()) {
            return Optional.empty();
        }
        Optional<LocalDate> date = lastSuch(month(match.group(1)), number(match, 2));
        date.ifPresent(outer -> compareInner(line, outer));
        return date.map(day -> day.atTime(time(match.group(3))).atZone(zone).toInstant());
    }

    private Optional<Instant> yearFirst(String line) {
        Matcher match = YEAR_FIRST.matcher(line);
        if (!match.matches()) {
            return Optional.empty();
        }
        LocalDate date = LocalDate.of(number(match, 1), number(match, 2), number(match, 3));
        String offset = match.group(5);
        ZoneId theirs = offset == null ? zone : ZoneOffset.of(offset);
        return Optional.of(date.atTime(time(match.group(4))).atZone(theirs).toInstant());
    }

    private Optional<LocalDate> lastSuch(int month, int day) {
        for (int year = newest.getYear(); year > newest.getYear() - YEARS_BACK; year--) {
            boolean exists = day <= LocalDate.of(year, month, 1).lengthOfMonth();
            if (exists && !LocalDate.of(year, month, day).isAfter(newest)) {
                return Optional.of(LocalDate.of(year, month, day));
            }
        }
        return Optional.empty();
    }

    private void compareInner(String line, LocalDate outer) {
        Matcher inner = INNER.matcher(line);
        if (inner.find()
                && !LocalDate.of(number(inner, 1), number(inner, 2), number(inner, 3))
                        .equals(outer)) {
            doubts.add("a stamp inside a line (" + inner.group(1) + "/" + inner.group(2) + "/" + inner.group(3)
                    + ") contradicts the line's own (" + outer + "), which counts");
        }
    }

    /** @throws DateTimeException for no English month */
    private static int month(String name) {
        int index = MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new DateTimeException("no English month");
        }
        return index + 1;
    }

    private static LocalTime time(String text) {
        return LocalTime.parse(text.replace(',', '.'));
    }

    private static int number(Matcher match, int group) {
        return Integer.parseInt(match.group(group));
    }
}
