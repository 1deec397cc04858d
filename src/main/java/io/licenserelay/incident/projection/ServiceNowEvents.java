package io.licenserelay.incident.projection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Bodies for ServiceNow's inbound events, {@code POST /api/global/em/jsonv2}: severity 1 to 5, 0 clears; ServiceNow
 * matches alerts by {@code message_key}; {@code time_of_event} is GMT; {@code additional_info} is JSON as a string.
 */
final class ServiceNowEvents {
    private static final DateTimeFormatter GMT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ServiceNowEvents() {}

    static ObjectNode body(ObjectNode data, Instant now) {
        ObjectNode body = data.objectNode();
        body.putArray("records")
                .addObject()
                .put("source", "License Relay")
                .put("event_class", data.path("site").asText())
                .put("node", data.path("node").asText())
                .put("resource", data.path("resource").asText())
                .put("metric_name", data.at("/diagnosis/code").asText())
                .put("type", "license " + data.path("flow").asText())
                .put("message_key", data.path("dedupKey").asText())
                .put("severity", data.path("severityNumber").asText())
                .put("description", data.path("summary").asText())
                .put("time_of_event", GMT.format(now))
                .put("resolution_state", Projections.isResolve(data) ? "Closing" : "New")
                .put("additional_info", Projections.details(data).toString());
        return body;
    }
}
