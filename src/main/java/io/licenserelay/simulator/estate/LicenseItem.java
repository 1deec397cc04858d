package io.licenserelay.simulator.estate;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One license of a virtual account, with the fields that public clients of SSM read.
 *
 * @param status as it is sent: {@code In Compliance}, {@code Out Of Compliance}, in any case
 * @param term null for a perpetual license
 */
public record LicenseItem(
        String name,
        long quantity,
        long inUse,
        String status,
        String billingType,
        @Nullable Term term,
        Spelling spelling) {

    public static final String IN_COMPLIANCE = "In Compliance";
    public static final String OUT_OF_COMPLIANCE = "Out Of Compliance";

    /** How freely the server writes; real answers differ by version. */
    public enum Spelling {
        PLAIN,
        NUMBERS_AS_TEXT,
        UNKNOWN_FIELDS
    }

    /** The days between which a license of a subscription holds. */
    public record Term(LocalDate start, LocalDate end, String subscriptionId) {}

    /** A perpetual, prepaid license without an end. */
    public static LicenseItem of(String name, long quantity, long inUse, String status) {
        return new LicenseItem(name, quantity, inUse, status, "PREPAID", null, Spelling.PLAIN);
    }

    public LicenseItem inUse(long used) {
        return new LicenseItem(name, quantity, used, status, billingType, term, spelling);
    }

    public LicenseItem quantity(long owned) {
        return new LicenseItem(name, owned, inUse, status, billingType, term, spelling);
    }

    public LicenseItem status(String other) {
        return new LicenseItem(name, quantity, inUse, other, billingType, term, spelling);
    }

    public LicenseItem billedBy(String billing) {
        return new LicenseItem(name, quantity, inUse, status, billing, term, spelling);
    }

    LicenseItem spelled(Spelling wanted) {
        return new LicenseItem(name, quantity, inUse, status, billingType, term, wanted);
    }

    LicenseItem term(Term between) {
        return new LicenseItem(name, quantity, inUse, status, billingType, between, spelling);
    }

    /** More in use than owned, and said so. */
    public LicenseItem outOfCompliance() {
        return inUse(quantity + Math.max(1, quantity / 10)).status(OUT_OF_COMPLIANCE);
    }
}
