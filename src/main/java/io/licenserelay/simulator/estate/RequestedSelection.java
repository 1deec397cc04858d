package io.licenserelay.simulator.estate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The selection in the body of a read request: {@code {"virtualAccounts":["Default"],"limit":-1,"offset":0}}.
 *
 * @param vas empty means all
 * @param limit -1 means all
 */
public record RequestedSelection(Set<String> vas, long limit, long offset) {

    /** Returns null if the body is not JSON. */
    public static @Nullable RequestedSelection of(byte[] body) throws IOException {
        if (body.length == 0) {
            return new RequestedSelection(Set.of(), -1, 0);
        }
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(body);
        } catch (JsonProcessingException notJson) {
            return null;
        }
        Set<String> vas = new HashSet<>();
        root.path("virtualAccounts").forEach(va -> vas.add(va.asText()));
        return new RequestedSelection(
                vas,
                root.path("limit").asLong(-1),
                Math.max(0, root.path("offset").asLong(0)));
    }

    public boolean includes(EstateVa va) {
        return vas.isEmpty() || vas.contains(va.name());
    }

    /**
     * Limits the rows to the page size of the server. The paging of SSM On-Prem is not published. A server without
     * paging sends all rows and ignores the requested limit.
     *
     * @param cap the maximum page size, 0 for a server without paging
     */
    public RequestedSelection capped(int cap) {
        if (cap == 0) {
            return new RequestedSelection(vas, Long.MAX_VALUE, 0);
        }
        return new RequestedSelection(vas, limit < 0 ? cap : Math.min(limit, cap), offset);
    }
}
