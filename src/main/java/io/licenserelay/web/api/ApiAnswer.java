package io.licenserelay.web.api;

import io.licenserelay.text.Json;
import io.licenserelay.web.answer.Answers;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the API, for a route.
 *
 * @param status of HTTP
 * @param type the media type of the body
 * @param location where the state of the work can be read; null for nowhere
 * @param body a JSON document
 */
public record ApiAnswer(int status, String type, @Nullable String location, String body) {
    static final String REQUESTS = "/api/v1/requests/";

    /** The state of requested work: 202 while it goes on, 200 when it is done, and the status of the refusal otherwise. */
    static ApiAnswer of(WorkRequest request) {
        WorkRequest.Refused refused = request.refusal();
        if (refused != null) {
            return problem(refused.status(), refused.detail());
        }
        boolean working = request.finished() == null;
        return new ApiAnswer(
                working ? 202 : 200,
                "application/json",
                working ? REQUESTS + request.id() : null,
                Json.write(request.document()));
    }

    static ApiAnswer problem(int status, String detail) {
        return new ApiAnswer(status, "application/problem+json", null, Json.write(Answers.problem(status, detail)));
    }
}
