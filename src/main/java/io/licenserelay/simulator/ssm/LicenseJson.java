package io.licenserelay.simulator.ssm;

import com.fasterxml.jackson.core.JsonGenerator;
import io.licenserelay.simulator.estate.LicenseItem;
import java.io.IOException;
import java.time.LocalDate;

/** Writes a license as JSON, with the field names of public clients. */
final class LicenseJson {
    private static final String[] ORDER_FIELDS = {
        "customer", "orderNumber", "billToPo", "endCustomerPo", "orderLineIdentifier", "shipTo"
    };

    private final LicenseItem license;
    private final JsonGenerator json;

    private LicenseJson(LicenseItem license, JsonGenerator json) {
        this.license = license;
        this.json = json;
    }

    static void write(LicenseItem license, JsonGenerator json, String va) throws IOException {
        new LicenseJson(license, json).write(va);
    }

    private void write(String va) throws IOException {
        json.writeStartObject();
        json.writeStringField("license", license.name());
        json.writeStringField("virtualAccount", va);
        number("quantity", license.quantity());
        number("inUse", license.inUse());
        number("available", license.quantity() - license.inUse());
        number("reserved", 0);
        number("pendingQuantity", 0);
        json.writeStringField("status", license.status());
        json.writeBooleanField("isPortable", false);
        json.writeBooleanField("ahaApps", false);
        json.writeStringField("billingType", license.billingType());
        unknownFields();
        json.writeArrayFieldStart("licenseSubstitutions");
        json.writeEndArray();
        json.writeArrayFieldStart("licenseDetails");
        detail();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void detail() throws IOException {
        json.writeStartObject();
        LicenseItem.Term term = license.term();
        json.writeStringField("licenseType", term == null ? "Perpetual" : "Term");
        number("quantity", license.quantity());
        json.writeStringField("startDate", term == null ? null : day(term.start()));
        json.writeStringField("endDate", term == null ? null : day(term.end()));
        json.writeStringField("subscriptionId", term == null ? null : term.subscriptionId());
        json.writeStringField("status", "Active");
        json.writeStringField("licenseSku", "");
        for (String field : ORDER_FIELDS) {
            json.writeNullField(field);
        }
        json.writeEndObject();
    }

    private void unknownFields() throws IOException {
        if (license.spelling() != LicenseItem.Spelling.UNKNOWN_FIELDS) {
            return;
        }
        json.writeStringField("x_tier", "ESSENTIALS");
        json.writeObjectFieldStart("x_future");
        json.writeArrayFieldStart("nested");
        json.writeNumber(1);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void number(String field, long value) throws IOException {
        if (numbersAsText()) {
            json.writeStringField(field, Long.toString(value));
        } else {
            json.writeNumberField(field, value);
        }
    }

    /** Writes an instant, as in the only published sample. The spelling with numbers as text writes only the day. */
    private String day(LocalDate day) {
        return numbersAsText() ? day.toString() : day + "T00:00:00Z";
    }

    private boolean numbersAsText() {
        return license.spelling() == LicenseItem.Spelling.NUMBERS_AS_TEXT;
    }
}
