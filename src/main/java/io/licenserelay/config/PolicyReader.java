package io.licenserelay.config;

import io.licenserelay.config.site.LicenseClass;
import io.licenserelay.config.site.ReportPolicy;
import io.licenserelay.config.site.ReportPolicy.Intervals;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.ValueParser;
import io.licenserelay.config.yaml.YamlBlock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code policy} of a site's reports. */
final class PolicyReader {
    private static final int MAX_DAYS = 3650;

    private PolicyReader() {}

    /** @param collects whether the site collects reports, so that devices without reports are a problem */
    static ReportPolicy read(YamlBlock reports, boolean collects) {
        YamlBlock block = reports.block("policy");
        if (block == null) {
            return ReportPolicy.usual(collects);
        }
        ValueParser<LicenseClass> word = TextValues.word(LicenseClass.class);
        Map<LicenseClass, Intervals> classes = new EnumMap<>(ReportPolicy.CISCO_DEFAULT);
        for (LicenseClass each : LicenseClass.values()) {
            classes.put(each, intervals(block.block(each.wireName()), ReportPolicy.CISCO_DEFAULT.get(each)));
        }
        ReportPolicy policy = new ReportPolicy(
                Map.copyOf(classes),
                block.value("usual", LicenseClass.SUBSCRIPTION, word),
                entitlements(block.block("entitlements"), word),
                block.value("warn", ReportPolicy.WARN, AmountValues.days(0, MAX_DAYS)),
                true);
        block.end();
        return policy;
    }

    private static Intervals intervals(@Nullable YamlBlock block, @Nullable Intervals standard) {
        Intervals otherwise = standard == null ? Intervals.NONE : standard;
        if (block == null) {
            return otherwise;
        }
        ValueParser<Duration> days = AmountValues.days(0, MAX_DAYS);
        Intervals intervals = new Intervals(
                block.value("first", otherwise.first(), days),
                block.value("every", otherwise.every(), days),
                block.value("change", otherwise.change(), days));
        block.end();
        return intervals;
    }

    private static Map<String, LicenseClass> entitlements(@Nullable YamlBlock block, ValueParser<LicenseClass> word) {
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
