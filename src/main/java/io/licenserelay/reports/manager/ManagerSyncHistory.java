package io.licenserelay.reports.manager;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was seen so far of the syncs that a Manager makes; which of them somebody asked for, nobody tells.
 *
 * @param goodAt when the newest good one ended
 * @param failedAt when the newest failed one failed
 * @param failedLine what its log said of that
 */
public record ManagerSyncHistory(
        @Nullable Instant goodAt,
        @Nullable Instant failedAt,
        @Nullable String failedLine) {
    /** Nothing was. */
    public static final ManagerSyncHistory NONE = new ManagerSyncHistory(null, null, null);
}
