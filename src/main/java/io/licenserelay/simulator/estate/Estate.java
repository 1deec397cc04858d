package io.licenserelay.simulator.estate;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of an SSM server: accounts, their virtual accounts, and the licenses, subscriptions and devices of these. It
 * can be changed while a server uses it. Safe for use by many threads.
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

    /** Creates an empty estate. */
    public static Estate of() {
        return new Estate();
    }

    /**
     * Generates an estate. The same arguments give the same estate within a calendar year. Rows are generated when they are read.
     *
     * @param licensesPerVa 0 or more; there are fewer devices and subscriptions
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
     * Generates an estate that is the same on any day.
     *
     * @param base all terms start before this day and end more than a year after it
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

    /** Returns the account of this name. Adds it if it does not exist. */
    public synchronized EstateAccount account(String name) {
        return accounts.computeIfAbsent(name, accountName -> new EstateAccount(this, accountName, nextId()));
    }

    public synchronized @Nullable EstateAccount find(String name) {
        return accounts.get(name);
    }

    /** Returns a copy, in the order in which the accounts were added. */
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
