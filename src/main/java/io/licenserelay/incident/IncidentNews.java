package io.licenserelay.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Decides whether an event would tell more than that the incident goes on. Stateless. */
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
     * Whether anything differs by which people or rules act. Evidence differs with every run, and so do the words of an error; those
     * of flow push name the report, file or device, of which an incident may have many.
     *
     * @param published the data of the newest event
     * @param now what the next event would tell
     */
    static boolean isIn(ObjectNode now, ObjectNode published) {
        boolean push = now.path("flow").asText().equals("push");
        return FIELDS.stream().anyMatch(field -> isOther(now.at(field), published.at(field)))
                || !codes(now).equals(codes(published))
                || (push && !now.at("/error/message").equals(published.at("/error/message")));
    }

    /** By their text: a number that was written and read again may be of another type. */
    private static boolean isOther(JsonNode now, JsonNode published) {
        return !now.toString().equals(published.toString());
    }

    private static List<String> codes(JsonNode data) {
        return data.at("/diagnosis/others").findValuesAsText("code");
    }
}
