package io.licenserelay.reports.format;

import io.licenserelay.config.site.LicenseClass;
import io.licenserelay.config.site.ReportPolicy.Intervals;
import io.licenserelay.text.WireNamed;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policy in use according to the device: the section {@code Policy:} of {@code show license status}. The format is
 * from Cisco's command references and the golden outputs of genieparser.
 *
 * @param classes the reporting intervals of each class of licenses; empty when no acknowledgement is required
 */
public record DevicePolicy(Map<LicenseClass, Intervals> classes) {
    private static final String NO_ACK_REQUIRED = "none";
    private static final Pattern NO_ACK = Pattern.compile("(?m)^[ \\t]*+Reporting ACK required:[ \\t]*+no\\b");
    private static final Map<String, LicenseClass> CLASSES_BY_HEADING = Map.of(
            "Unenforced/Non-Export Perpetual", LicenseClass.PERPETUAL,
            "Unenforced/Non-Export Subscription", LicenseClass.SUBSCRIPTION,
            "Enforced (Perpetual/Subscription) License", LicenseClass.ENFORCED,
            "Export (Perpetual/Subscription) License", LicenseClass.EXPORT);
    private static final Pattern SECTION = Pattern.compile("(?m)^[ \\t]*+("
            + CLASSES_BY_HEADING.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"))
            + ") Attributes:[ \\t]*+\\r?\\n"
            + days("First report requirement")
            + days("Reporting frequency")
            + days("Report on change"));

    private static String days(String what) {
        return "[ \\t]*+" + what + " \\(days\\):[ \\t]*+(\\d{1,4})\\b.{0,80}(?:\\r?\\n|\\z)";
    }

    /** Parses the policy; null when the text has no complete section of it. */
    static @Nullable DevicePolicy in(String text) {
        if (NO_ACK.matcher(text).find()) {
            return new DevicePolicy(Map.of());
        }
        Map<LicenseClass, Intervals> classes = new EnumMap<>(LicenseClass.class);
        Matcher section = SECTION.matcher(text);
        while (section.find()) {
            LicenseClass licenseClass = CLASSES_BY_HEADING.get(section.group(1));
            classes.putIfAbsent(
                    licenseClass == null ? LicenseClass.SUBSCRIPTION : licenseClass,
                    intervals(section.group(2), section.group(3), section.group(4)));
        }
        return classes.isEmpty() ? null : new DevicePolicy(classes);
    }

    /** Parses the output of {@link #text()}. */
    public static DevicePolicy of(String text) {
        Map<LicenseClass, Intervals> classes = new LinkedHashMap<>();
        if (!text.equals(NO_ACK_REQUIRED)) {
            for (String each : text.split(" ", -1)) {
                String[] parts = each.split("[=/]", -1);
                classes.put(WireNamed.of(LicenseClass.class, parts[0]), intervals(parts[1], parts[2], parts[3]));
            }
        }
        return new DevicePolicy(classes);
    }

    /** {@code perpetual=365/0/90 subscription=90/90/90}, or {@code none}. */
    public String text() {
        return classes.isEmpty()
                ? NO_ACK_REQUIRED
                : classes.entrySet().stream()
                        .map(entry -> entry.getKey().wireName() + "="
                                + entry.getValue().first().toDays() + "/"
                                + entry.getValue().every().toDays() + "/"
                                + entry.getValue().change().toDays())
                        .collect(Collectors.joining(" "));
    }

    private static Intervals intervals(String first, String every, String change) {
        return Intervals.ofDays(Long.parseLong(first), Long.parseLong(every), Long.parseLong(change));
    }
}
