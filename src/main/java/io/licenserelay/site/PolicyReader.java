package io.licenserelay.site;

import io.licenserelay.site.ReportPolicy.Intervals;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code policy} of a site's reports. */
final class PolicyReader {
    private static final int MOST_DAYS = 3650;

    private PolicyReader() {}

    /** @param collects whether the site takes part in reporting, so that a silent device is its business */
    static ReportPolicy read(Block reports, boolean collects) {
        Block block = reports.block("policy");
        if (block == null) {
            return ReportPolicy.usual(collects);
        }
        Parser<LicenseClass> word = Texts.word(LicenseClass.class);
        Map<LicenseClass, Intervals> classes = new EnumMap<>(ReportPolicy.CISCO_DEFAULT);
        for (LicenseClass each : LicenseClass.values()) {
            classes.put(each, intervals(block.block(each.wireName()), ReportPolicy.CISCO_DEFAULT.get(each)));
        }
        ReportPolicy policy = new ReportPolicy(
                Map.copyOf(classes),
                block.value("usual", LicenseClass.SUBSCRIPTION, word),
                entitlements(block.block("entitlements"), word),
                block.value("warn", ReportPolicy.WARN, Amounts.days(0, MOST_DAYS)),
                true);
        block.end();
        return policy;
    }

    private static Intervals intervals(@Nullable Block block, @Nullable Intervals standard) {
        Intervals otherwise = standard == null ? Intervals.NONE : standard;
        if (block == null) {
            return otherwise;
        }
        Parser<Duration> days = Amounts.days(0, MOST_DAYS);
        Intervals intervals = new Intervals(
                block.value("first", otherwise.first(), days),
                block.value("every", otherwise.every(), days),
                block.value("change", otherwise.change(), days));
        block.end();
        return intervals;
    }

    private static Map<String, LicenseClass> entitlements(@Nullable Block block, Parser<LicenseClass> word) {
        Map<String, LicenseClass> entitlements = new LinkedHashMap<>();
        if (block != null) {
            for (String pattern : block.keys()) {
                LicenseClass licenseClass = block.optional(pattern, word);
                if (licenseClass != null) {
                    entitlements.put(pattern, licenseClass);
                }
            }
        }
        return Map.copyOf(entitlements);
    }
}
