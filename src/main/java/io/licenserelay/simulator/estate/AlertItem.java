package io.licenserelay.simulator.estate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;

/**
 * One alert of SSM. Public clients read the first three fields; no public client reads the text.
 *
 * @param severity {@code minor} or {@code major}
 * @param source the object of the alert, for example a virtual account
 */
public record AlertItem(String messageType, String severity, String source, String message) {

    public ObjectNode json() {
        return Json.object()
                .put("messageType", messageType)
                .put("severity", severity)
                .put("source", source)
                .put("message", message);
    }
}
