package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The {@code data} of a resolve: what ended, when, and how long it lasted. The trigger and the updates of the same key
 * have all other data, so a resolve repeats only the fields that consumers use to route, match and count.
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
     * @param why the reason of the resolve
     * @param healthy whether the place was observed to be healthy; false if it is no longer monitored
     */
    public static ObjectNode of(
            Incident incident, JsonNode last, String why, boolean healthy, IncidentContext context, Instant now) {
        String was = last.path("summary").asText();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("state", "resolve");
        data.put("severity", Severity.INFO.wireName());
        data.put("severityNumber", 0);
        data.put("summary", FailureData.line(incident.place() + ": " + why + ", was: " + was));
        copy(PLACE, last, data);
        data.set("run", FailureData.run(context));
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
