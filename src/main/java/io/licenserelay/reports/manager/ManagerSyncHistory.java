package io.licenserelay.reports.manager;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The observed syncs of a Manager. Which request caused a sync is unknown.
 *
 * @param goodAt when the newest successful sync ended
 * @param failedAt when the newest failed sync failed
 * @param failedLine the Manager's log line about that failure
 */
public record ManagerSyncHistory(
        @Nullable Instant goodAt,
        @Nullable Instant failedAt,
        @Nullable String failedLine) {
    /** No sync was observed. */
    public static final ManagerSyncHistory NONE = new ManagerSyncHistory(null, null, null);
}
