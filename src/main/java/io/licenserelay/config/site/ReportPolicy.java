package io.licenserelay.config.site;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * By when devices must have reported, and their reports be acknowledged. What a device itself says of its policy goes before it.
 *
 * @param classes what applies to a license of each class; every class has a value
 * @param usual the class of an entitlement that nobody names
 * @param entitlements patterns of entitlement tags, {@code *} for anything, with the class of the license they stand for
 * @param warn how long before a deadline it is told, at most; of a short interval, a third
 * @param watchesSilence whether a device that SSM lists and that nobody hears of is told
 */
public record ReportPolicy(
        Map<LicenseClass, Intervals> classes,
        LicenseClass usual,
        Map<String, LicenseClass> entitlements,
        Duration warn,
        boolean watchesSilence) {

    /** Cisco's own, as {@code show license status} prints it (CISCO default). */
    public static final Map<LicenseClass, Intervals> CISCO_DEFAULT = Map.of(
            LicenseClass.PERPETUAL,
            Intervals.ofDays(365, 0, 90),
            LicenseClass.SUBSCRIPTION,
            Intervals.ofDays(90, 90, 90),
            LicenseClass.ENFORCED,
            Intervals.NONE,
            LicenseClass.EXPORT,
            Intervals.NONE);

    public static final Duration WARN = Duration.ofDays(30);

    /** Real ones have about 80 characters. */
    private static final int LONGEST_TAG = 500;

    /** Cisco's default for everything. */
    public static ReportPolicy usual(boolean watchesSilence) {
        return new ReportPolicy(CISCO_DEFAULT, LicenseClass.SUBSCRIPTION, Map.of(), WARN, watchesSilence);
    }

    /**
     * Times within which an acknowledgement must have come; zero where none is asked for.
     *
     * @param first since the device is in use
     * @param every since the last acknowledgement
     * @param change since the usage changed
     */
    public record Intervals(Duration first, Duration every, Duration change) {
        /** No report is needed. */
        public static final Intervals NONE = ofDays(0, 0, 0);

        public static Intervals ofDays(long first, long every, long change) {
            return new Intervals(Duration.ofDays(first), Duration.ofDays(every), Duration.ofDays(change));
        }
    }

    /** Of which class the license is that the tag stands for; of several patterns that fit, the longest counts. */
    public LicenseClass classOf(@Nullable String entitlementTag) {
        if (entitlementTag == null || entitlementTag.length() > LONGEST_TAG) {
            return usual;
        }
        return entitlements.entrySet().stream()
                .filter(entry -> fits(entry.getKey(), entitlementTag))
                .max(Comparator.comparing((Map.Entry<String, LicenseClass> entry) ->
                                entry.getKey().length())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .orElse(usual);
    }

    private static boolean fits(String pattern, String tag) {
        String pieces =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return tag.matches(pieces);
    }
}
