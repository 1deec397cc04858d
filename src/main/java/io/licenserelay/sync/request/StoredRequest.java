package io.licenserelay.sync.request;

import io.licenserelay.sync.run.SyncRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that has no outcome yet.
 *
 * @param seq its number in the table, in the order of acceptance
 * @param source with {@code id} the request itself: a record of Kafka, or a requester and a number of its own
 * @param sync the site and the cause; for a sync also what it accepts
 * @param argument see {@link WorkOrder}
 */
public record StoredRequest(
        long seq,
        String source,
        String id,
        RequestedWork work,
        SyncRequest sync,
        @Nullable String argument) {
    public String site() {
        return sync.site();
    }

    /** Whether an operator waits for the outcome. Otherwise it is a command from Kafka, and nobody does. */
    public boolean isAwaited() {
        return sync.byOperator();
    }
}
