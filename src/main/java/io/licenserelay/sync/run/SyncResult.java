package io.licenserelay.sync.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run did for one account: the shape of {@code sync --json}, a published contract.
 *
 * @param account null when the run failed before it knew any account
 * @param outcome {@code complete}, {@code partial} or {@code failed}
 * @param seconds how long the whole run took
 */
public record SyncResult(
        String site,
        @Nullable String account,
        String outcome,
        int virtualAccounts,
        long licenses,
        long outOfCompliance,
        long devices,
        long alerts,
        Difference changes,
        List<Noted> incidents,
        double seconds) {

    /** Whether a route broke the run off, so that no incident reports why. */
    public boolean brokeOff() {
        return outcome.equals("failed") && account == null && incidents.isEmpty();
    }

    /** Licenses that differ from the run before. */
    public record Difference(long added, long changed, long gone) {}

    /**
     * An incident that this run opened or found still there.
     *
     * @param place as people read it: {@code hq/ACME/Default}
     */
    public record Noted(String code, String place, String summary) {}
}
