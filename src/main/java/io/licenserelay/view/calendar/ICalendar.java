package io.licenserelay.view.calendar;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Deadlines as an iCalendar file (RFC 5545) that calendar programs subscribe to. An entry is an event without duration that does not
 * block time. It keeps its UID when the deadline moves, so that a calendar program moves the event.
 */
public final class ICalendar {
    /** The media type of the file. */
    public static final String MEDIA_TYPE = "text/calendar; charset=utf-8";

    /** A line has at most 75 octets without its end. */
    private static final int LINE_OCTETS = 75;

    private static final String LINE_END = "\r\n";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ICalendar() {}

    /**
     * The file.
     *
     * @param now when the entries were read
     */
    public static String of(List<CalendarEntry> entries, Instant now) {
        StringBuilder file = new StringBuilder();
        line(file, "BEGIN:VCALENDAR");
        line(file, "VERSION:2.0");
        line(file, "PRODID:-//License Relay//Calendar//EN");
        line(file, "X-WR-CALNAME:License Relay");
        entries.forEach(each -> event(file, each, now));
        line(file, "END:VCALENDAR");
        return file.toString();
    }

    private static void event(StringBuilder file, CalendarEntry entry, Instant now) {
        line(file, "BEGIN:VEVENT");
        line(file, "UID:" + text(entry.uid()));
        line(file, "DTSTAMP:" + TIME.format(now));
        line(file, "DTSTART:" + TIME.format(entry.at()));
        line(file, "SUMMARY:" + text(entry.place() + ": " + entry.what()));
        line(file, "DESCRIPTION:" + text("Source: " + entry.source()));
        line(file, "CATEGORIES:" + text(entry.kind().wireName()));
        line(file, "TRANSP:TRANSPARENT");
        line(file, "END:VEVENT");
    }

    /** The value of a property of type TEXT. Names come from servers: control characters other than line ends are replaced. */
    private static String text(String value) {
        return value.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replaceAll("\r\n|[\r\n\\u0085\\u2028\\u2029]", "\\\\n")
                .replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }

    /** Folds a line: each further line begins with a space. A character is never divided. */
    private static void line(StringBuilder file, String content) {
        int octets = 0;
        for (int i = 0; i < content.length(); ) {
            int point = content.codePointAt(i);
            String character = Character.toString(point);
            int size = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + size > LINE_OCTETS) {
                file.append(LINE_END).append(' ');
                octets = 1;
            }
            file.append(character);
            octets += size;
            i += character.length();
        }
        file.append(LINE_END);
    }
}
