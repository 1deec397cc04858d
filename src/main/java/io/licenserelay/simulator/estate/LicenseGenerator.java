package io.licenserelay.simulator.estate;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Generates the rows of one virtual account. Each row depends only on its number, so no row is stored. Immutable. */
final class LicenseGenerator {
    private static final List<String> ACCOUNTS =
            List.of("ACME", "Globex International", "Müller & Söhne", "East/West Holding");
    private static final List<String> VAS = List.of("Default", "Branch Offices", "Büro Zürich", "Lab/Test");
    private static final List<String> LICENSES = List.of(
            "Cisco DNA Advantage 24/48-port",
            "Network Essentials",
            "Router US Export Lic. for DNA",
            "SD-WAN Tier 2, 250 Mbps",
            "Zusatzlizenz für Übergänge",
            "C8000V 1 Gbps (Subscription)",
            "AIR DNA Premier",
            "100% Throughput + HSEC");
    private static final List<String> STATUSES =
            List.of(LicenseItem.IN_COMPLIANCE, LicenseItem.IN_COMPLIANCE, "in compliance", "IN COMPLIANCE");
    private static final List<String> PIDS = List.of("C8000V", "C9300-48P", "C9800-CL-K9", "ISR4451-X/K9");

    /** Generates no rows. */
    static final LicenseGenerator NOTHING = new LicenseGenerator(0, 0, 0, 0, LocalDate.EPOCH);

    private final long seed;
    private final int licenses;
    private final boolean shortOfLicenses;
    private final LocalDate base;
    private final String serialPrefix;

    LicenseGenerator(long seed, int account, int va, int licenses, LocalDate base) {
        this.seed = seed * 1_000_003 + account * 10_007L + va;
        this.licenses = licenses;
        this.base = base;
        // One virtual account in twenty is short of licenses, but never the first, so that a small demo starts without
        // a shortage.
        this.shortOfLicenses = va > 0 && random(-1).nextInt(20) == 0;
        this.serialPrefix = String.format(Locale.ROOT, "S%02X%03X", account, va);
    }

    static String accountName(int i) {
        return i < ACCOUNTS.size() ? ACCOUNTS.get(i) : String.format(Locale.ROOT, "Account %03d", i + 1);
    }

    static String vaName(int i) {
        return i < VAS.size() ? VAS.get(i) : String.format(Locale.ROOT, "Site %04d", i + 1);
    }

    int licenses() {
        return licenses;
    }

    int subscriptions() {
        return licenses == 0 ? 0 : 1 + licenses / 20;
    }

    int devices() {
        return Math.min(licenses, 2 + licenses / 10);
    }

    LicenseItem license(int i) {
        SplittableRandom random = random(i);
        long quantity = 10L + random.nextInt(490);
        LicenseItem item = LicenseItem.of(licenseName(i), quantity, random.nextLong(quantity), pick(STATUSES, random))
                .spelled(spelling(random));
        if (random.nextInt(3) == 0) {
            item = item.term(new LicenseItem.Term(start(random), end(random), subscriptionId(i % subscriptions())));
        }
        return shortOfLicenses && random.nextInt(25) == 0 ? item.outOfCompliance() : item;
    }

    SubscriptionItem subscription(int i) {
        SplittableRandom random = random(Integer.MAX_VALUE - (long) i);
        long quantity = 10L + random.nextInt(490);
        return new SubscriptionItem(
                subscriptionId(i), licenseName(i), quantity, "PREPAID", start(random), end(random), "Active");
    }

    DeviceItem device(int i) {
        SplittableRandom random = random(Integer.MIN_VALUE + (long) i);
        String serial = serialPrefix + String.format(Locale.ROOT, "%06d", i);
        return new DeviceItem(
                pick(PIDS, random),
                serial,
                "edge-" + serial.toLowerCase(Locale.ROOT),
                licenseName(i % licenses),
                start(random).atStartOfDay().toInstant(ZoneOffset.UTC),
                base.minusDays(random.nextInt(20)).atTime(2, 0).toInstant(ZoneOffset.UTC),
                LicenseItem.IN_COMPLIANCE);
    }

    private static String licenseName(int i) {
        String name = LICENSES.get(i % LICENSES.size());
        return i < LICENSES.size() ? name : name + " #" + i / LICENSES.size();
    }

    private String subscriptionId(int i) {
        return String.format(Locale.ROOT, "Sub%s%06d", serialPrefix, i);
    }

    private static LicenseItem.Spelling spelling(SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> LicenseItem.Spelling.NUMBERS_AS_TEXT;
            case 1 -> LicenseItem.Spelling.UNKNOWN_FIELDS;
            default -> LicenseItem.Spelling.PLAIN;
        };
    }

    private LocalDate start(SplittableRandom random) {
        return base.minusDays(1L + random.nextInt(700));
    }

    /** The end is later than the year of the base day plus the longest expiry warning, so that a demo starts without expiry alarms. */
    private LocalDate end(SplittableRandom random) {
        return base.plusDays(470 + random.nextInt(900));
    }

    private static <T> T pick(List<T> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }

    private SplittableRandom random(long row) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + row);
    }
}
