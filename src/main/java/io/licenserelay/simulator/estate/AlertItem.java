package io.licenserelay.simulator.estate;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * One alert that SSM raises itself. The text field is not seen in public clients, the other three are.
 *
 * @param severity {@code minor} or {@code major}
 * @param source what it is about, for example a virtual account
 */
public record AlertItem(String messageType, String severity, String source, String message) {

    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("messageType", messageType);
        json.writeStringField("severity", severity);
        json.writeStringField("source", source);
        json.writeStringField("message", message);
        json.writeEndObject();
    }
}
