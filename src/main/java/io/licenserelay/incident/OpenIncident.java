package io.licenserelay.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.store.Database;
import java.util.List;

/**
 * An incident that is open, for people and programs: what its newest event told, as it was redacted then.
 *
 * @param key of its records: {@code license-relay/hq/ACME/pull}
 * @param confidence of its primary cause: {@code proven}
 * @param next the first step that fixes it
 * @param owner who acts
 */
public record OpenIncident(String key, Incident incident, String title, String confidence, String owner, String next) {

    /** Every open incident, oldest first. */
    public static List<OpenIncident> all(Database database) {
        return database.read(tx -> {
            IncidentTable table = new IncidentTable();
            return table.open(tx).stream()
                    .map(incident -> of(incident, table.lastData(tx, incident)))
                    .toList();
        });
    }

    private static OpenIncident of(Incident incident, JsonNode data) {
        JsonNode diagnosis = data.path("diagnosis");
        return new OpenIncident(
                data.path("dedupKey").asText(),
                incident,
                diagnosis.path("title").asText(),
                diagnosis.path("confidence").asText(),
                diagnosis.path("owner").asText(),
                diagnosis.at("/remedy/0").asText());
    }

    /** Flat, in the words of events. */
    public ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", incident.id())
                .put("dedupKey", key)
                .put("place", incident.place().toString())
                .put("flow", incident.flow().wireName())
                .put("severity", incident.severity().wireName())
                .put("code", incident.code())
                .put("title", title)
                .put("confidence", confidence)
                .put("owner", owner)
                .put("summary", incident.summary())
                .put("openedAt", incident.openedAt().toString())
                .put("occurrences", incident.occurrences())
                .put("next", next);
    }
}
