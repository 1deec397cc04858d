package io.licenserelay.simulator.http;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as the simulator received it.
 *
 * @param path as it came, still percent-encoded
 * @param headers names in lower case
 * @param body its start, at most {@link #BODY_CHARS} characters; it may hold secrets, so it is never logged
 */
public record RecordedRequest(
        Instant at,
        String method,
        String path,
        @Nullable String query,
        Map<String, List<String>> headers,
        String body,
        InetAddress client) {

    /** How much of a body is kept. */
    public static final int BODY_CHARS = 4096;

    /** Leaves out what may be secret. */
    @Override
    public String toString() {
        return at + " " + client.getHostAddress() + " " + method + " " + path;
    }
}
