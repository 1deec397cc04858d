package io.licenserelay.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Locale;
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
        return new LicenseItem(
                name,
                quantity,
                used,
                reserved,
                pending,
                status,
                billingType,
                type,
                start,
                end,
                subscriptionId,
                detailStatus,
                spelling);
    }

    public LicenseItem quantity(long owned) {
        return new LicenseItem(
                name,
                owned,
                inUse,
                reserved,
                pending,
                status,
                billingType,
                type,
                start,
                end,
                subscriptionId,
                detailStatus,
                spelling);
    }

    public LicenseItem status(String said) {
        return new LicenseItem(
                name,
                quantity,
                inUse,
                reserved,
                pending,
                said,
                billingType,
                type,
                start,
                end,
                subscriptionId,
                detailStatus,
                spelling);
    }

    public LicenseItem billedBy(String billing) {
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
                spelling);
    }

    /** A term license of a subscription between two days. */
    public LicenseItem term(LocalDate from, LocalDate to, String subscription) {
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

    public LicenseItem spelled(Spelling wanted) {
        return new LicenseItem(
                name,
                quantity,
                inUse,
                reserved,
                pending,
                status,
                billingType,
                type,
                start,
                end,
                subscriptionId,
                detailStatus,
                wanted);
    }

    /** More in use than owned, and said so. */
    public LicenseItem outOfCompliance() {
        return inUse(quantity + Math.max(1, quantity / 10)).status(OUT_OF_COMPLIANCE);
    }

    void write(JsonGenerator json, String va) throws IOException {
        json.writeStartObject();
        json.writeStringField("license", name);
        json.writeStringField("virtualAccount", va);
        number(json, "quantity", quantity);
        number(json, "inUse", inUse);
        number(json, "available", quantity - inUse - reserved);
        number(json, "reserved", reserved);
        number(json, "pendingQuantity", pending);
        json.writeStringField("status", status);
        json.writeBooleanField("isPortable", false);
        json.writeBooleanField("ahaApps", false);
        json.writeStringField("billingType", billingType);
        writeUnknownFields(json);
        json.writeArrayFieldStart("licenseSubstitutions");
        json.writeEndArray();
        json.writeArrayFieldStart("licenseDetails");
        writeDetail(json);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeDetail(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("licenseType", type);
        number(json, "quantity", quantity);
        json.writeStringField("startDate", day(start));
        json.writeStringField("endDate", day(end));
        json.writeStringField("subscriptionId", subscriptionId);
        json.writeStringField("status", detailStatus);
        json.writeStringField("licenseSku", "");
        for (String none :
                new String[] {"customer", "orderNumber", "billToPo", "endCustomerPo", "orderLineIdentifier", "shipTo"
                }) {
            json.writeNullField(none);
        }
        json.writeEndObject();
    }

    private void writeUnknownFields(JsonGenerator json) throws IOException {
        if (spelling != Spelling.UNKNOWN_FIELDS) {
            return;
        }
        json.writeStringField("x_tier", "essentials".toUpperCase(Locale.ROOT));
        json.writeObjectFieldStart("x_future");
        json.writeArrayFieldStart("nested");
        json.writeNumber(1);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void number(JsonGenerator json, String field, long value) throws IOException {
        if (spelling == Spelling.NUMBERS_AS_TEXT) {
            json.writeStringField(field, Long.toString(value));
        } else {
            json.writeNumberField(field, value);
        }
    }

    /** Like the one date in a published sample, which is an instant; the text-happy spelling sends the day alone. */
    private @Nullable String day(@Nullable LocalDate day) {
        if (day == null) {
            return null;
        }
        return spelling == Spelling.NUMBERS_AS_TEXT ? day.toString() : day + "T00:00:00Z";
    }
}
