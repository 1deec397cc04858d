package io.licenserelay.evidence.logs.line;

import static java.util.Map.entry;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What abbreviations of time zones may mean. The JDK is not asked: it reads {@code IST} as UTC in common locales,
 * {@code EDT} as GMT, and its answers differ between versions.
 */
public final class ZoneAbbreviations {
    private static final String AMERICA = "America/ US/ Canada/";

    private static final Map<String, ZoneOffset> UNAMBIGUOUS = Map.ofEntries(
            entry("UTC", ZoneOffset.UTC),
            entry("GMT", ZoneOffset.UTC),
            entry("Z", ZoneOffset.UTC),
            entry("WET", ZoneOffset.UTC),
            entry("WEST", ZoneOffset.of("+1")),
            entry("CET", ZoneOffset.of("+1")),
            entry("CEST", ZoneOffset.of("+2")),
            entry("EET", ZoneOffset.of("+2")),
            entry("EEST", ZoneOffset.of("+3")),
            entry("MSK", ZoneOffset.of("+3")),
            entry("PKT", ZoneOffset.of("+5")),
            entry("HKT", ZoneOffset.of("+8")),
            entry("JST", ZoneOffset.of("+9")),
            entry("KST", ZoneOffset.of("+9")),
            entry("AEST", ZoneOffset.of("+10")),
            entry("AEDT", ZoneOffset.of("+11")),
            entry("NZST", ZoneOffset.of("+12")),
            entry("NZDT", ZoneOffset.of("+13")),
            entry("EST", ZoneOffset.of("-5")),
            entry("EDT", ZoneOffset.of("-4")),
            entry("MST", ZoneOffset.of("-7")),
            entry("MDT", ZoneOffset.of("-6")),
            entry("PST", ZoneOffset.of("-8")),
            entry("PDT", ZoneOffset.of("-7")),
            entry("AKST", ZoneOffset.of("-9")),
            entry("AKDT", ZoneOffset.of("-8")),
            entry("HST", ZoneOffset.of("-10")),
            entry("ADT", ZoneOffset.of("-3")),
            entry("NST", ZoneOffset.of("-03:30")),
            entry("NDT", ZoneOffset.of("-02:30")),
            entry("BRT", ZoneOffset.of("-3")),
            entry("ART", ZoneOffset.of("-3")),
            entry("SAST", ZoneOffset.of("+2")),
            entry("CAT", ZoneOffset.of("+2")),
            entry("EAT", ZoneOffset.of("+3")),
            entry("WAT", ZoneOffset.of("+1")),
            entry("TRT", ZoneOffset.of("+3")),
            entry("IDT", ZoneOffset.of("+3")),
            entry("ICT", ZoneOffset.of("+7")),
            entry("WIB", ZoneOffset.of("+7")),
            entry("SGT", ZoneOffset.of("+8")),
            entry("AWST", ZoneOffset.of("+8")),
            entry("ACST", ZoneOffset.of("+09:30")),
            entry("ACDT", ZoneOffset.of("+10:30")));

    /** What only the zone of the log decides. */
    private static final Map<String, List<Meaning>> LOCAL = Map.of(
            "IST",
            List.of(
                    new Meaning("+1", true, "Europe/Dublin Eire"),
                    new Meaning("+2", false, "Asia/Jerusalem Asia/Tel_Aviv Israel"),
                    new Meaning("+05:30", false, "Asia/Kolkata Asia/Calcutta")),
            "BST",
            List.of(
                    new Meaning(
                            "+1", true, "Europe/London Europe/Belfast Europe/Jersey Europe/Guernsey Europe/Isle GB"),
                    new Meaning("+6", false, "Asia/Dhaka Asia/Dacca"),
                    new Meaning("+11", false, "Pacific/Bougainville")),
            "AST",
            List.of(
                    new Meaning("-4", false, AMERICA + " Atlantic/Bermuda"),
                    new Meaning("+3", false, "Asia/Riyadh Asia/Baghdad Asia/Kuwait Asia/Qatar Asia/Bahrain Asia/Aden")),
            "CST",
            List.of(
                    new Meaning("-5", false, "America/Havana Cuba"),
                    new Meaning("-6", false, AMERICA),
                    new Meaning(
                            "+8", false, "Asia/Shanghai Asia/Taipei Asia/Macau Asia/Chongqing Asia/Harbin PRC ROC")),
            "CDT",
            List.of(new Meaning("-4", true, "America/Havana Cuba"), new Meaning("-5", true, AMERICA)),
            "GST",
            List.of(
                    new Meaning("+4", false, "Asia/Dubai Asia/Muscat"),
                    new Meaning("-2", false, "Atlantic/South_Georgia")),
            "PST",
            List.of(new Meaning("+8", false, "Asia/Manila")),
            "EST",
            List.of(new Meaning("+10", false, "Australia/")),
            "EDT",
            List.of(new Meaning("+11", true, "Australia/")));

    /** Words that end like an abbreviation of a zone, and that programs write behind a stamp. */
    private static final String OTHER_WORDS =
            "ALERT|GET|POST|PUT|AUDIT|BOOT|ROOT|START|INIT|EXIT|TEST|EVENT|FAULT|ABORT"
                    + "|RESET|REST|HOST|PORT|NOT|BIT|OUT|LAST|FIRST|RST|SENT|INPUT|PRINT|QUIT|SET|NAT|MQTT|CERT|TRUST|NEXT|LIST"
                    + "|COUNT|SPLIT|AGENT|FAST|COMMIT|MGMT|STAT|HINT|INT|IDENT|BEAT|SHUT|HALT|AT|IT|MOUNT|JWT|KAT|SWIFT";

    /** One that this table knows, the name of a region, or a word that can hardly be anything else. */
    public static final String WORD;

    /** One that this table knows, or, before a colon as Cisco's devices write it, a word that can hardly be anything else. */
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

    /** It means the same everywhere. */
    public static boolean isSure(String abbreviation, ZoneId configured) {
        return UNAMBIGUOUS.containsKey(abbreviation)
                && LOCAL.getOrDefault(abbreviation, List.of()).stream()
                        .noneMatch(meaning -> meaning.isNamed(configured));
    }

    /**
     * The offset at a local time: what the configured zone has then, if the abbreviation is one of that zone at that time, or the
     * only meaning there is. None when it is unknown, or means several and is none of the configured zone.
     */
    public static Optional<ZoneOffset> offset(String abbreviation, LocalDateTime local, ZoneId configured) {
        Optional<ZoneOffset> fitting = LOCAL.getOrDefault(abbreviation, List.of()).stream()
                .filter(meaning -> meaning.isOf(configured, local))
                .map(Meaning::offset)
                .findFirst();
        return fitting.isPresent() || !isSure(abbreviation, configured)
                ? fitting
                : Optional.ofNullable(UNAMBIGUOUS.get(abbreviation));
    }

    /**
     * @param daylight it is the name of daylight saving time
     * @param zones prefixes of the names of the zones that have it
     */
    private record Meaning(ZoneOffset offset, boolean daylight, String zones) {
        Meaning(String offset, boolean daylight, String zones) {
            this(ZoneOffset.of(offset), daylight, zones);
        }

        boolean isNamed(ZoneId zone) {
            return Arrays.stream(zones.split(" ")).anyMatch(zone.getId()::startsWith);
        }

        /** A zone that is an offset has no names: an abbreviation that may mean the offset means it. */
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
