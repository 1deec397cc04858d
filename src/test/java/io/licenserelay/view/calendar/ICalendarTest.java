package io.licenserelay.view.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ICalendarTest {
    private static final Instant NOW = Instant.parse("2026-11-30T20:00:00Z");

    @Test
    void anEntryIsAnEventInUtc() {
        assertThat(ICalendar.of(List.of(entry("the license DNA ends")), NOW))
                .startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
                .contains("\r\nBEGIN:VEVENT\r\nUID:")
                .contains("@license-relay\r\nDTSTAMP:20261130T200000Z\r\nDTSTART:20270102T030405Z\r\n")
                .contains("\r\nSUMMARY:hq/ACME/Default: the license DNA ends\r\n")
                .contains("\r\nCATEGORIES:license-end\r\n")
                .endsWith("END:VEVENT\r\nEND:VCALENDAR\r\n");
    }

    @Test
    void textOfServersCannotAddProperties() {
        String file = ICalendar.of(List.of(entry("a;b,c\\d\r\nATTACH:http://x\u0007\u2028END:VEVENT")), NOW);
        assertThat(unfolded(file))
                .contains("SUMMARY:hq/ACME/Default: a\\;b\\,c\\\\d\\nATTACH:http://x?\\nEND:VEVENT\r\n");
        assertThat(file.lines().filter(line -> line.startsWith("ATTACH") || line.equals("END:VEVENT")))
                .containsExactly("END:VEVENT");
    }

    @Test
    void linesHaveAtMost75OctetsAndNoCharacterIsDivided() {
        String name = "ü€😀".repeat(60);
        String file = ICalendar.of(List.of(entry(name)), NOW);
        assertThat(file.split("\r\n")).allSatisfy(line -> assertThat(line.getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(75));
        assertThat(new String(file.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(file);
        assertThat(unfolded(file)).contains("SUMMARY:hq/ACME/Default: " + name + "\r\n");
    }

    @Test
    void theIdOfADeadlineDoesNotDependOnItsDate() {
        CalendarEntry moved = CalendarEntry.of(
                NOW, CalendarKind.CERTIFICATE, "hq", null, null, "ssm:8443", "other words", 2, "other source");
        CalendarEntry before = CalendarEntry.of(
                NOW.plusSeconds(1), CalendarKind.CERTIFICATE, "hq", null, null, "ssm:8443", "what", 1, "source");
        assertThat(moved.uid()).isEqualTo(before.uid());
        assertThat(List.of("other:8443", "hq")).allSatisfy(key -> assertThat(
                        CalendarEntry.of(NOW, CalendarKind.CERTIFICATE, "hq", null, null, key, "what", 1, "source")
                                .uid())
                .isNotEqualTo(before.uid()));
    }

    private static CalendarEntry entry(String what) {
        return CalendarEntry.of(
                Instant.parse("2027-01-02T03:04:05Z"),
                CalendarKind.LICENSE_END,
                "hq",
                "ACME",
                "Default",
                "key",
                what,
                1,
                "source");
    }

    private static String unfolded(String file) {
        return file.replace("\r\n ", "");
    }
}
