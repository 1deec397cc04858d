package io.licenserelay.sync.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;

/** How a request of an operator ended. */
public sealed interface RequestOutcome {
    /** The work is done. The shape of the answer depends on the work. */
    record Answered(JsonNode answer) implements RequestOutcome {}

    /** The work is not possible, for the given reason. Nothing was changed. */
    record Refused(String reason) implements RequestOutcome {}

    /** The owner began the work and could not finish it. */
    record Failed(String reason) implements RequestOutcome {}

    /** No relay took the request, and it was withdrawn. */
    record Untaken(String reason) implements RequestOutcome {}

    /** The outcome of an owner, as it is stored. */
    default String toJson() {
        ObjectNode json = Json.object();
        if (this instanceof Answered done) {
            json.set("answer", done.answer);
        } else if (this instanceof Refused refused) {
            json.put("refused", refused.reason);
        } else if (this instanceof Failed failed) {
            json.put("failed", failed.reason);
        } else {
            throw new IllegalStateException("a request that nobody took has no outcome to store");
        }
        return Json.write(json);
    }

    /** Reads a stored outcome. */
    static RequestOutcome of(String stored) {
        JsonNode json = Json.stored(stored, "the outcome of a request");
        if (json.has("answer")) {
            return new Answered(json.path("answer"));
        }
        return json.has("refused")
                ? new Refused(json.path("refused").asText())
                : new Failed(json.path("failed").asText());
    }
}
