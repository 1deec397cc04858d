package io.licenserelay.simulator.estate;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;

/**
 * One product instance, identified by its UDI.
 *
 * @param license the one license that it uses
 */
public record DeviceItem(
        String pid,
        String serial,
        String hostName,
        String license,
        Instant registered,
        Instant lastContact,
        String status) {

    public void write(JsonGenerator json, String va) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("licenseUsage");
        json.writeStartObject();
        json.writeStringField("license", license);
        json.writeNumberField("quantity", 1);
        json.writeEndObject();
        json.writeEndArray();
        json.writeStringField("hostName", hostName);
        writeUdi(json);
        json.writeStringField("displayName", "UDI_PID:" + pid + "; UDI_SN:" + serial + "; ");
        json.writeStringField("instanceName", hostName);
        json.writeStringField("registrationDate", registered.toString());
        json.writeStringField("productTagName", "regid.2019-10.com.cisco." + pid);
        json.writeStringField("virtualAccount", va);
        json.writeStringField("productName", pid);
        json.writeStringField("productDescription", "");
        json.writeStringField("productType", "");
        json.writeStringField("status", status);
        json.writeStringField("lastContactDate", lastContact.toString());
        json.writeEndObject();
    }

    private void writeUdi(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("sudi");
        json.writeStringField("udiPid", pid);
        json.writeStringField("udiSerialNumber", serial);
        for (String nullField : new String[] {"macAddress", "suvi", "hostIdentifier", "uuid", "udiVid"}) {
            json.writeNullField(nullField);
        }
        json.writeEndObject();
    }
}
