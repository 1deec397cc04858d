package io.licenserelay.evidence;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange without secrets, as it is logged and published.
 *
 * @param url without user part; the relay's queries never contain a secret
 * @param status null if no answer was received
 * @param headers headers of the answer, only those of an allow-list, names in lower case
 * @param body the start of the answer's body as text, at most {@link #BODY_CHARS} characters, or null if there was none
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

    /** The number of characters that are kept of a body. */
    public static final int BODY_CHARS = 2048;

    /** The number of bytes that contain at least this many characters: a character has at most four bytes. */
    public static final int BODY_BYTES = 4 * BODY_CHARS;

    /** The same exchange with its status but without headers and body. */
    public HttpExchangeRecord withoutAnswer() {
        return new HttpExchangeRecord(method, url, status, Map.of(), null, at, took);
    }

    /**
     * The start of a body.
     *
     * @param body in UTF-8
     * @param length number of received bytes
     */
    public static String start(byte[] body, int length) {
        String text = new String(body, 0, Math.min(length, BODY_BYTES), StandardCharsets.UTF_8);
        return text.substring(0, Math.min(text.length(), BODY_CHARS));
    }
}
