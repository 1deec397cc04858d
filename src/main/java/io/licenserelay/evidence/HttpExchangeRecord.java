package io.licenserelay.evidence;

import java.nio.charset.StandardCharsets;
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
public record HttpExchangeRecord(
        String method,
        String url,
        @Nullable Integer status,
        Map<String, String> headers,
        @Nullable String body,
        Instant at,
        Duration took) {

    /** How much of a body is kept. */
    public static final int BODY_CHARS = 2048;

    /** How many bytes hold that much: a character takes at most four. */
    public static final int BODY_BYTES = 4 * BODY_CHARS;

    /** The same without headers and body; the status stays. */
    public HttpExchangeRecord withoutAnswer() {
        return new HttpExchangeRecord(method, url, status, Map.of(), null, at, took);
    }

    /**
     * What is kept of a body.
     *
     * @param body in UTF-8
     * @param length how many of its bytes came
     */
    public static String start(byte[] body, int length) {
        String text = new String(body, 0, Math.min(length, BODY_BYTES), StandardCharsets.UTF_8);
        return text.substring(0, Math.min(text.length(), BODY_CHARS));
    }
}
