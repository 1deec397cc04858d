package io.licenserelay.simulator.estate;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One license of a virtual account, with the fields that public clients of SSM read.
 *
 * @param status as it is sent: {@code In Compliance}, {@code Out Of Compliance}, in any case
 * @param type {@code Demo}, {@code Perpetual}, {@code Subscription} or {@code Term}
 * @param detailStatus {@code Active}, {@code Cancelled}, {@code Expired}, {@code Future} or {@code Pending}
 */
public record LicenseItem(
        String name,
        long quantity,
        long inUse,
        long reserved,
        long pending,
        String status,
        String billingType,
        String type,
        @Nullable LocalDate start,
        @Nullable LocalDate end,
        @Nullable String subscriptionId,
        String detailStatus,
        Spelling spelling) {

    public static final String IN_COMPLIANCE = "In Compliance";
    public static final String OUT_OF_COMPLIANCE = "Out Of Compliance";

    /** How freely the server writes; real answers differ by version. */
    public enum Spelling {
        PLAIN,
        NUMBERS_AS_TEXT,
        UNKNOWN_FIELDS
    }

    /** A perpetual, prepaid license without an end. */
    public static LicenseItem of(String name, long quantity, long inUse, String status) {
        return new LicenseItem(
                name,
                quantity,
                inUse,
                0,
                0,
                status,
                "PREPAID",
                "Perpetual",
                null,
                null,
                null,
                "Active",
                Spelling.PLAIN);
    }

    public LicenseItem inUse(long used) {
        return counts(quantity, used, reserved, pending);
    }

    public LicenseItem quantity(long owned) {
        return counts(owned, inUse, reserved, pending);
    }

    public LicenseItem counts(long owned, long used, long kept, long awaited) {
        return new LicenseItem(
                name,
                owned,
                used,
                kept,
                awaited,
                status,
                billingType,
                type,
                start,
                end,
                subscriptionId,
                detailStatus,
                spelling);
    }

    public LicenseItem status(String status) {
        return copy(status, billingType, spelling);
    }

    public LicenseItem billedBy(String billing) {
        return copy(status, billing, spelling);
    }

    public LicenseItem spelled(Spelling wanted) {
        return copy(status, billingType, wanted);
    }

    /** A term license of a subscription between two days. */
    LicenseItem term(LocalDate from, LocalDate to, String subscription) {
        return new LicenseItem(
                name,
                quantity,
                inUse,
                reserved,
                pending,
                status,
                billingType,
                "Term",
                from,
                to,
                subscription,
                detailStatus,
                spelling);
    }

    /** More in use than owned, and said so. */
    public LicenseItem outOfCompliance() {
        return inUse(quantity + Math.max(1, quantity / 10)).status(OUT_OF_COMPLIANCE);
    }

    private LicenseItem copy(String status, String billing, Spelling wanted) {
        return new LicenseItem(
                name,
                quantity,
                inUse,
                reserved,
                pending,
                status,
                billing,
                type,
                start,
                end,
                subscriptionId,
                detailStatus,
                wanted);
    }
}
