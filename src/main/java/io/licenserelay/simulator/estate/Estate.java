package io.licenserelay.simulator.estate;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an SSM server knows: accounts with virtual accounts with licenses, subscriptions and devices. It may be changed
 * while it is served. Safe for use by many threads.
 *
 * <pre>{@code
 * Estate.of().account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance").estate()
 * }</pre>
 */
public final class Estate {
    private static final long FIRST_ID = 100_001;

    private final Map<String, EstateAccount> accounts = new LinkedHashMap<>();
    private long nextId = FIRST_ID;

    private Estate() {}

    /** An empty one, to be filled by hand. */
    public static Estate of() {
        return new Estate();
    }

    /**
     * A made-up one, the same for the same arguments within a calendar year. Rows are made when they are read.
     *
     * @param licensesPerVa 0 or more; devices and subscriptions are fewer
     */
    public static Estate generate(int accounts, int vas, int licensesPerVa, long seed) {
        return generate(
                accounts,
                vas,
                licensesPerVa,
                seed,
                LocalDate.now(ZoneOffset.UTC).withDayOfYear(1));
    }

    /**
     * The same on any day.
     *
     * @param base terms begin before this day and end more than a year after it
     */
    public static Estate generate(int accounts, int vas, int licensesPerVa, long seed, LocalDate base) {
        Estate estate = new Estate();
        for (int a = 0; a < accounts; a++) {
            EstateAccount account = estate.account(LicenseGenerator.accountName(a));
            for (int v = 0; v < vas; v++) {
                account.generate(LicenseGenerator.vaName(v), new LicenseGenerator(seed, a, v, licensesPerVa, base));
            }
        }
        return estate;
    }

    /** The account of this name, added when there is none. */
    public synchronized EstateAccount account(String name) {
        return accounts.computeIfAbsent(name, n -> new EstateAccount(this, n, nextId()));
    }

    public synchronized @Nullable EstateAccount find(String name) {
        return accounts.get(name);
    }

    /** A copy, in the order in which they were added. */
    public synchronized List<EstateAccount> accounts() {
        return new ArrayList<>(accounts.values());
    }

    public synchronized Estate remove(String name) {
        accounts.remove(name);
        return this;
    }

    synchronized long nextId() {
        return nextId++;
    }
}
