package io.licenserelay.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Decides whether an update contains more than the continuation of the incident. Stateless. */
final class IncidentNews {
    private static final List<String> FIELDS = List.of(
            "/severity",
            "/summary",
            "/ssm",
            "/manager",
            "/step",
            "/virtualAccounts",
            "/licenses",
            "/subscriptions",
            "/devices",
            "/labels",
            "/impact",
            "/changed",
            "/error/type",
            "/error/httpStatus",
            "/diagnosis/code",
            "/diagnosis/confidence",
            "/flapping",
            "/well");

    private IncidentNews() {}

    /**
     * Whether a field has changed that people or rules act on. Evidence and error messages differ with every run and do
     * not count, except messages of flow push, which name the report, file or device, and those about a configuration, which
     * name the files, sites and nodes: an incident may have many of these.
     *
     * @param published the data of the newest event
     * @param now the data of the next event
     */
    static boolean hasChanged(ObjectNode now, ObjectNode published) {
        boolean named = now.path("flow").asText().equals("push")
                || now.at("/error/type").asText().startsWith("configuration.");
        return FIELDS.stream().anyMatch(field -> differs(now.at(field), published.at(field)))
                || !codes(now).equals(codes(published))
                || (named && !now.at("/error/message").equals(published.at("/error/message")));
    }

    /** Compares the text, because a number may have another type after it was stored and read. */
    private static boolean differs(JsonNode now, JsonNode published) {
        return !now.toString().equals(published.toString());
    }

    private static List<String> codes(JsonNode data) {
        return data.at("/diagnosis/others").findValuesAsText("code");
    }
}
