package io.licenserelay.simulator.estate;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One license of a virtual account, with the fields that public clients of SSM read.
 *
 * @param status as sent: {@code In Compliance} or {@code Out Of Compliance}, in upper or lower case
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

    /** The variant of the JSON that the server writes. Real answers differ by version. */
    public enum Spelling {
        PLAIN,
        NUMBERS_AS_TEXT,
        UNKNOWN_FIELDS
    }

    /** The first and the last day of a license that belongs to a subscription. */
    public record Term(LocalDate start, LocalDate end, String subscriptionId) {}

    /** Creates a perpetual, prepaid license. */
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

    LicenseItem spelled(Spelling other) {
        return new LicenseItem(name, quantity, inUse, status, billingType, term, other);
    }

    LicenseItem term(Term other) {
        return new LicenseItem(name, quantity, inUse, status, billingType, other, spelling);
    }

    /** Returns a copy with more licenses in use than owned, and with the status out of compliance. */
    public LicenseItem outOfCompliance() {
        return inUse(quantity + Math.max(1, quantity / 10)).status(OUT_OF_COMPLIANCE);
    }
}
