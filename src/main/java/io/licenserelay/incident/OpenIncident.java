package io.licenserelay.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.store.Database;
import java.util.List;

/**
 * An open incident with the redacted data of its newest event.
 *
 * @param key the key of its records: {@code license-relay/hq/ACME/pull}
 * @param confidence the confidence of its primary cause: {@code proven}
 * @param next the first step of the fix
 * @param owner who has to act
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

    /** A flat JSON object with the field names of events. */
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
