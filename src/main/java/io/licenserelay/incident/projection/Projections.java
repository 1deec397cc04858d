package io.licenserelay.incident.projection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Projection;
import io.licenserelay.config.site.Settings;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.Event;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Converts incident events for alerting systems: each event is repeated on a separate topic per system, as a body for
 * that system's API and with the same key. The input is the published event, so the result contains no secret.
 */
public final class Projections {
    private static final List<String> DETAILS = List.of(
            "site", "account", "node", "flow", "step", "resource", "changed", "occurrences", "firstSeenAt", "labels");
    private static final List<String> RESOLVE_DETAILS = List.of(
            "resolvedBecause",
            "resolvedAt",
            "wellSince",
            "durationSeconds",
            "site",
            "account",
            "node",
            "flow",
            "occurrences",
            "firstSeenAt",
            "labels");

    private final Settings.Projections settings;

    public Projections(Settings settings) {
        this.settings = settings.projections();
    }

    /**
     * @param id the id of the repeated event
     * @param before the severity of the last event; null for a trigger
     * @return the records by topic
     */
    public Map<String, Event> of(String id, String key, Instant now, ObjectNode data, @Nullable Severity before) {
        Map<String, Event> records = new LinkedHashMap<>();
        settings.on().forEach((projection, topic) -> body(projection, now, data, before)
                .ifPresent(body -> {
                    Map<String, String> headers = Map.of("content-type", "application/json", "message_uuid", id);
                    records.put(topic, new Event(id, key, headers, body.toString()));
                }));
        return records;
    }

    private Optional<JsonNode> body(Projection projection, Instant now, ObjectNode data, @Nullable Severity before) {
        return switch (projection) {
            case PAGERDUTY -> PagerDutyEvents.body(data, now, settings.routingKey());
            case SERVICENOW -> Optional.of(ServiceNowEvents.body(data, now));
            case ALERTMANAGER -> Optional.of(AlertmanagerAlerts.body(data, now, before));
        };
    }

    /** The flat details that an on-call person needs first. The evidence is only on the failures topic. */
    static ObjectNode details(ObjectNode data) {
        ObjectNode details = data.objectNode();
        JsonNode diagnosis = data.path("diagnosis");
        details.put("code", diagnosis.path("code").asText());
        details.put("cause", diagnosis.path("title").asText());
        details.put("relay", data.at("/relay/name").asText());
        details.put("relay_host", data.at("/relay/host").asText());
        details.put("relay_version", data.at("/relay/version").asText());
        if (isResolve(data)) {
            copy(RESOLVE_DETAILS, data, details);
            return details;
        }
        details.put("confidence", diagnosis.path("confidence").asText());
        details.put("who_acts", diagnosis.path("owner").asText());
        details.put("next_step", diagnosis.at("/remedy/0").asText());
        details.set("remedy", diagnosis.path("remedy"));
        details.put("error", data.at("/error/message").asText());
        copy(DETAILS, data, details);
        if (data.has("causeChanged")) {
            details.put("cause_was", data.at("/causeChanged/from").asText());
        }
        if (data.has("impact")) {
            details.put("impact", data.at("/impact/text").asText());
            details.put("impact_at", data.at("/impact/at").asText());
        }
        details.put("doc", diagnosis.path("doc").asText());
        return details;
    }

    private static void copy(List<String> fields, ObjectNode from, ObjectNode to) {
        fields.stream().filter(from::has).forEach(field -> to.set(field, from.get(field)));
    }

    static boolean isResolve(ObjectNode data) {
        return data.path("state").asText().equals("resolve");
    }

    /** The link to the documentation; null if the catalogue has only a URN. */
    static @Nullable String link(ObjectNode data) {
        String doc = data.at("/diagnosis/doc").asText();
        return doc.startsWith("http") ? doc : null;
    }
}
