package io.licenserelay.simulator.estate;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.LocalDate;

/** One subscription of a virtual account. */
public record SubscriptionItem(
        String id, String license, long quantity, String billingType, LocalDate start, LocalDate end, String status) {

    public void write(JsonGenerator json, String va) throws IOException {
        json.writeStartObject();
        json.writeStringField("license", license);
        json.writeNumberField("quantity", quantity);
        json.writeStringField("billingType", billingType);
        json.writeStringField("subscriptionId", id);
        json.writeStringField("virtualAccount", va);
        json.writeStringField("startDate", start + "T00:00:00Z");
        json.writeStringField("endDate", end + "T00:00:00Z");
        json.writeStringField("status", status);
        json.writeEndObject();
    }
}
