package io.licenserelay.incident.projection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bodies for {@code POST https://events.pagerduty.com/v2/enqueue}: a trigger and its updates under one {@code dedup_key},
 * then a resolve. Limits: summary 1024 characters, key 255, body 512 KB (PagerDuty's Events API v2).
 */
final class PagerDutyEvents {
    private PagerDutyEvents() {}

    /**
     * Returns the body; empty for a flapping incident that is healthy now: every trigger alerts a person, and PagerDuty
     * has no state "open, no action needed".
     *
     * @param routingKey the key of the integration; null if the sender adds it as a field or as the header
     *     X-Routing-Key
     */
    static Optional<JsonNode> body(ObjectNode data, Instant now, @Nullable String routingKey) {
        if (data.path("well").asBoolean()) {
            return Optional.empty();
        }
        ObjectNode body = data.objectNode();
        Json.putText(body, "routing_key", routingKey);
        body.put("event_action", Projections.isResolve(data) ? "resolve" : "trigger");
        body.put("dedup_key", data.path("dedupKey").asText());
        body.put("client", "License Relay");
        String link = Projections.link(data);
        if (link != null) {
            body.putArray("links")
                    .addObject()
                    .put("href", link)
                    .put("text", data.at("/diagnosis/code").asText());
        }
        ObjectNode payload = body.putObject("payload");
        payload.put("summary", data.path("summary").asText());
        payload.put("source", data.path("node").asText());
        payload.put("severity", data.path("severity").asText());
        payload.put("timestamp", now.toString());
        payload.put("component", data.path("component").asText());
        payload.put("group", data.path("site").asText());
        payload.put("class", data.at("/diagnosis/code").asText());
        payload.set("custom_details", Projections.details(data));
        return Optional.of(body);
    }
}
