package io.licenserelay.evidence.logs;

import static java.util.Map.entry;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What abbreviations of time zones may mean. The JDK is not asked: it reads {@code IST} as UTC in common locales,
 * {@code EDT} as GMT, and its answers differ between versions.
 */
final class ZoneAbbreviations {
    private static final Map<String, List<ZoneOffset>> OFFSETS = Map.ofEntries(
            entry("UTC", hours("0")),
            entry("GMT", hours("0")),
            entry("Z", hours("0")),
            entry("WET", hours("0")),
            entry("WEST", hours("+1")),
            // Ireland, Israel, India.
            entry("IST", hours("+1", "+2", "+05:30")),
            entry("BST", hours("+1", "+6", "+11")),
            entry("CET", hours("+1")),
            entry("CEST", hours("+2")),
            entry("EET", hours("+2")),
            entry("EEST", hours("+3")),
            entry("MSK", hours("+3")),
            entry("PKT", hours("+5")),
            entry("HKT", hours("+8")),
            entry("JST", hours("+9")),
            entry("KST", hours("+9")),
            entry("AEST", hours("+10")),
            entry("AEDT", hours("+11")),
            entry("NZST", hours("+12")),
            entry("NZDT", hours("+13")),
            // The Atlantic, Arabia.
            entry("AST", hours("-4", "+3")),
            entry("EST", hours("-5")),
            entry("EDT", hours("-4")),
            // America, China, Cuba.
            entry("CST", hours("-6", "+8", "-5")),
            entry("CDT", hours("-5", "-4")),
            entry("MST", hours("-7")),
            entry("MDT", hours("-6")),
            entry("PST", hours("-8")),
            entry("PDT", hours("-7")),
            entry("AKST", hours("-9")),
            entry("AKDT", hours("-8")),
            entry("HST", hours("-10")),
            entry("ADT", hours("-3")),
            entry("NST", hours("-03:30")),
            entry("NDT", hours("-02:30")),
            entry("BRT", hours("-3")),
            entry("ART", hours("-3")),
            entry("SAST", hours("+2")),
            entry("CAT", hours("+2")),
            entry("EAT", hours("+3")),
            entry("WAT", hours("+1")),
            entry("TRT", hours("+3")),
            entry("IDT", hours("+3")),
            entry("ICT", hours("+7")),
            entry("WIB", hours("+7")),
            entry("SGT", hours("+8")),
            entry("AWST", hours("+8")),
            entry("ACST", hours("+09:30")),
            entry("ACDT", hours("+10:30")),
            // The Gulf, the South Atlantic.
            entry("GST", hours("+4", "-2")));

    private ZoneAbbreviations() {}

    /** Every offset that it may mean; none when nobody here knows it. */
    static List<ZoneOffset> meanings(String abbreviation) {
        return OFFSETS.getOrDefault(abbreviation, List.of());
    }

    /**
     * The offset at a local time: what the configured zone has then, if the abbreviation may mean it, or the only meaning
     * there is. None when it is unknown, or means several and the configured zone has none of them.
     */
    static Optional<ZoneOffset> offset(String abbreviation, LocalDateTime local, ZoneId configured) {
        List<ZoneOffset> meanings = meanings(abbreviation);
        Optional<ZoneOffset> fitting = configured.getRules().getValidOffsets(local).stream()
                .filter(meanings::contains)
                .findFirst();
        return meanings.size() == 1 ? Optional.of(meanings.get(0)) : fitting;
    }

    private static List<ZoneOffset> hours(String... offsets) {
        return Stream.of(offsets)
                .map(offset -> offset.equals("0") ? ZoneOffset.UTC : ZoneOffset.of(offset))
                .toList();
    }
}
