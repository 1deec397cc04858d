package io.licenserelay.evidence.logs.line;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The possible meanings of time zone abbreviations. The JDK is not used: it reads {@code IST} as UTC in common locales and {@code EDT} as
 * GMT, and its results differ between versions.
 */
public final class ZoneAbbreviations {

    private static final Map<String, ZoneOffset> UNAMBIGUOUS = offsets("""
            -10 HST
            -9 AKST
            -8 PST AKDT
            -7 MST PDT
            -6 MDT
            -5 EST
            -4 EDT
            -03:30 NST
            -3 ADT BRT ART
            -02:30 NDT
            Z UTC GMT Z WET
            +1 WEST CET WAT
            +2 CEST EET SAST CAT
            +3 EEST MSK EAT TRT IDT
            +5 PKT
            +7 ICT WIB
            +8 HKT SGT AWST
            +9 JST KST
            +09:30 ACST
            +10 AEST
            +10:30 ACDT
            +11 AEDT
            +12 NZST
            +13 NZDT
            """);

    /** Ambiguous abbreviations; the configured zone of the log decides. */
    private static final Map<String, List<Meaning>> LOCAL = meanings("""
            IST +1 daylight Europe/Dublin Eire
            IST +2 standard Asia/Jerusalem Asia/Tel_Aviv Israel
            IST +05:30 standard Asia/Kolkata Asia/Calcutta
            BST +1 daylight Europe/London Europe/Belfast Europe/Jersey Europe/Guernsey Europe/Isle GB
            BST +6 standard Asia/Dhaka Asia/Dacca
            BST +11 standard Pacific/Bougainville
            AST -4 standard America/ US/ Canada/ Atlantic/Bermuda
            AST +3 standard Asia/Riyadh Asia/Baghdad Asia/Kuwait Asia/Qatar Asia/Bahrain Asia/Aden
            CST -5 standard America/Havana Cuba
            CST -6 standard America/ US/ Canada/
            CST +8 standard Asia/Shanghai Asia/Taipei Asia/Macau Asia/Chongqing Asia/Harbin PRC ROC
            CDT -4 daylight America/Havana Cuba
            CDT -5 daylight America/ US/ Canada/
            GST +4 standard Asia/Dubai Asia/Muscat
            GST -2 standard Atlantic/South_Georgia
            PST +8 standard Asia/Manila
            EST +10 standard Australia/
            EDT +11 daylight Australia/
            """);

    /** Words that look like a zone abbreviation and that programs write after a timestamp. */
    private static final String OTHER_WORDS =
            "ALERT|GET|POST|PUT|AUDIT|BOOT|ROOT|START|INIT|EXIT|TEST|EVENT|FAULT|ABORT"
                    + "|RESET|REST|HOST|PORT|NOT|BIT|OUT|LAST|FIRST|RST|SENT|INPUT|PRINT|QUIT|SET|NAT|MQTT|CERT|TRUST|NEXT|LIST"
                    + "|COUNT|SPLIT|AGENT|FAST|COMMIT|MGMT|STAT|HINT|INT|IDENT|BEAT|SHUT|HALT|AT|IT|MOUNT|JWT|KAT|SWIFT";

    /** A known abbreviation, the name of a region, or a word that can hardly mean anything else. */
    public static final String WORD;

    /** A known abbreviation, or, before a colon as Cisco's devices write it, a word that can hardly mean anything else. */
    public static final String SYSLOG_WORD;

    static {
        String known = String.join("|", UNAMBIGUOUS.keySet()) + "|" + String.join("|", LOCAL.keySet());
        String unknown = "(?!(?:" + OTHER_WORDS + ")(?![A-Z]))[A-Z]{1,4}T";
        String region =
                "(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc|US)/[A-Za-z_/]{2,30}";
        WORD = "(?:" + known + "|" + region + "|" + unknown + ")(?=[\\s\\]:,;|]|$)";
        SYSLOG_WORD = "(?:(?:" + known + ")(?=:? |:?$)|" + unknown + "(?=: ))";
    }

    private ZoneAbbreviations() {}

    /** Each line of the table has an offset and its abbreviations. */
    private static Map<String, ZoneOffset> offsets(String table) {
        Map<String, ZoneOffset> offsets = new LinkedHashMap<>();
        table.lines().map(line -> line.split(" ")).forEach(words -> Arrays.stream(words)
                .skip(1)
                .forEach(name -> offsets.put(name, ZoneOffset.of(words[0]))));
        return Map.copyOf(offsets);
    }

    /** Each line of the table has an abbreviation, the offset, the kind of time, and prefixes of zone names. */
    private static Map<String, List<Meaning>> meanings(String table) {
        return table.lines()
                .map(line -> line.split(" ", 4))
                .collect(Collectors.groupingBy(
                        words -> words[0],
                        Collectors.mapping(
                                words -> new Meaning(ZoneOffset.of(words[1]), words[2].equals("daylight"), words[3]),
                                Collectors.toList())));
    }

    /** Whether the abbreviation is unambiguous. */
    public static boolean isUnambiguous(String abbreviation, ZoneId configured) {
        return UNAMBIGUOUS.containsKey(abbreviation)
                && LOCAL.getOrDefault(abbreviation, List.of()).stream()
                        .noneMatch(meaning -> meaning.isNamed(configured));
    }

    /**
     * The offset at a local time: the configured zone's offset if the abbreviation belongs to that zone at that time; otherwise the only
     * meaning. Empty if the abbreviation is unknown, or is ambiguous and does not belong to the configured zone.
     */
    public static Optional<ZoneOffset> offset(String abbreviation, LocalDateTime local, ZoneId configured) {
        Optional<ZoneOffset> fitting = LOCAL.getOrDefault(abbreviation, List.of()).stream()
                .filter(meaning -> meaning.isOf(configured, local))
                .map(Meaning::offset)
                .findFirst();
        return fitting.isPresent() || !isUnambiguous(abbreviation, configured)
                ? fitting
                : Optional.ofNullable(UNAMBIGUOUS.get(abbreviation));
    }

    /**
     * @param daylight whether it is the name of daylight saving time
     * @param zones prefixes of the names of zones that use it
     */
    private record Meaning(ZoneOffset offset, boolean daylight, String zones) {
        boolean isNamed(ZoneId zone) {
            return Arrays.stream(zones.split(" ")).anyMatch(zone.getId()::startsWith);
        }

        /** A configured zone that is only an offset has no abbreviations, so any abbreviation with that offset matches. */
        boolean isOf(ZoneId zone, LocalDateTime local) {
            if (zone.normalized() instanceof ZoneOffset fixed) {
                return (zone instanceof ZoneOffset || isNamed(zone)) && fixed.equals(offset);
            }
            return isNamed(zone)
                    && zone.getRules().getValidOffsets(local).contains(offset)
                    && isDaylight(zone, local.toInstant(offset)) == daylight;
        }

        private static boolean isDaylight(ZoneId zone, Instant at) {
            return zone.getRules().isDaylightSavings(at);
        }
    }
}
