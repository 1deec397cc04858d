package io.licenserelay.config.site;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines for devices' reports and their acknowledgements. The policy that a device itself reports takes precedence.
 *
 * @param classes the intervals of each license class; every class has a value
 * @param usual the class of an entitlement that no pattern matches
 * @param entitlements patterns of entitlement tags, {@code *} for any text, with the license class
 * @param warn the longest time before a deadline at which a warning is raised; for a short interval, a third of it
 * @param watchesSilence whether a device that SSM lists but that sends no reports raises a warning
 */
public record ReportPolicy(
        Map<LicenseClass, Intervals> classes,
        LicenseClass usual,
        Map<String, LicenseClass> entitlements,
        Duration warn,
        boolean watchesSilence) {

    /** Cisco's default policy, as {@code show license status} prints it (CISCO default). */
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

    /** Real tags have about 80 characters. */
    private static final int LONGEST_TAG = 500;

    /** Cisco's default policy for all classes. */
    public static ReportPolicy usual(boolean watchesSilence) {
        return new ReportPolicy(CISCO_DEFAULT, LicenseClass.SUBSCRIPTION, Map.of(), WARN, watchesSilence);
    }

    /**
     * The times within which an acknowledgement must arrive; zero if none is required.
     *
     * @param first since the first use of the device
     * @param every since the last acknowledgement
     * @param change since the last change of usage
     */
    public record Intervals(Duration first, Duration every, Duration change) {
        /** No report is needed. */
        public static final Intervals NONE = ofDays(0, 0, 0);

        public static Intervals ofDays(long first, long every, long change) {
            return new Intervals(Duration.ofDays(first), Duration.ofDays(every), Duration.ofDays(change));
        }
    }

    /** The license class of an entitlement tag. If several patterns match, the longest one applies. */
    public LicenseClass classOf(@Nullable String entitlementTag) {
        if (entitlementTag == null || entitlementTag.length() > LONGEST_TAG) {
            return usual;
        }
        return entitlements.entrySet().stream()
                .filter(entry -> matches(entry.getKey(), entitlementTag))
                .max(Comparator.comparing((Map.Entry<String, LicenseClass> entry) ->
                                entry.getKey().length())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .orElse(usual);
    }

    private static boolean matches(String pattern, String tag) {
        String pieces =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return tag.matches(pieces);
    }
}
