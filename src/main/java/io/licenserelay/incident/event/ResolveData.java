package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The {@code data} of a resolve: what is over, since when, and how long it lasted. The trigger and the updates have told everything else
 * under the same key, so a resolve repeats of them only what consumers route, match and count by.
 */
public final class ResolveData {
    private static final List<String> PLACE = List.of(
            "dedupKey",
            "site",
            "node",
            "ssm",
            "manager",
            "account",
            "virtualAccounts",
            "flow",
            "component",
            "resource",
            "labels",
            "extra");
    private static final List<String> CAUSE = List.of("code", "title", "owner", "doc");

    private ResolveData() {}

    /**
     * @param last the data of the incident's newest event, redacted
     * @param why it is over
     * @param healthy whether it was observed to be well; false when nobody looks at the place any more
     */
    public static ObjectNode of(
            Incident incident, JsonNode last, String why, boolean healthy, IncidentContext occasion, Instant now) {
        String was = last.path("summary").asText();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("state", "resolve");
        data.put("severity", Severity.INFO.wireName());
        data.put("severityNumber", 0);
        data.put("summary", FailureData.line(incident.place() + ": " + why + ", was: " + was));
        copy(PLACE, last, data);
        data.set("run", FailureData.run(occasion));
        copy(CAUSE, last.path("diagnosis"), data.putObject("diagnosis"));
        data.put("firstSeenAt", incident.openedAt().toString());
        data.put("occurrences", incident.occurrences());
        data.put("flapping", incident.flapping());
        data.put("resolvedBecause", why);
        data.put("resolvedAt", now.toString());
        if (healthy) {
            Instant since = incident.wellSince() == null ? now : incident.wellSince();
            data.put("wellSince", since.toString());
        }
        Duration lasted = Duration.between(incident.openedAt(), now);
        data.put("durationSeconds", Math.max(0, lasted.toSeconds()));
        data.putArray("truncated");
        return data;
    }

    private static void copy(List<String> fields, JsonNode from, ObjectNode to) {
        fields.stream().filter(from::has).forEach(field -> to.set(field, from.get(field)));
    }
}
