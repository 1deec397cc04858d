package io.licenserelay.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange as far as it may be shown.
 *
 * @param url without user part; no secret ever stands in a query of ours
 * @param status null when no answer came
 * @param headers of the answer, an allow-list only, names in lower case
 * @param body the start of the answer's body as text, at most {@link #BODY_CHARS} characters, null when there was none
 * @param took from the first byte sent to the failure
 */
public record Exchanged(
        String method,
        String url,
        @Nullable Integer status,
        Map<String, String> headers,
        @Nullable String body,
        Instant at,
        Duration took) {

    /** How much of a body is kept. */
    public static final int BODY_CHARS = 2048;
}
