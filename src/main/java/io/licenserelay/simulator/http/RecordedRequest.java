package io.licenserelay.simulator.http;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as the simulator received it.
 *
 * @param path as received, still percent-encoded
 * @param headers names in lower case
 * @param body the first {@link #BODY_CHARS} characters at most; can contain secrets, so it is never logged
 */
public record RecordedRequest(
        Instant at,
        String method,
        String path,
        @Nullable String query,
        Map<String, List<String>> headers,
        String body,
        InetAddress client) {

    /** The maximum number of characters kept of a body. */
    public static final int BODY_CHARS = 4096;

    /** Leaves out the query, the headers and the body, which can contain secrets. */
    @Override
    public String toString() {
        return at + " " + client.getHostAddress() + " " + method + " " + path;
    }
}
