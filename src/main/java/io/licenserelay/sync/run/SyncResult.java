package io.licenserelay.sync.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run for one account. Its shape is the published contract of {@code sync --json}.
 *
 * @param account null if the run failed before any account was known
 * @param outcome {@code complete}, {@code partial} or {@code failed}
 * @param seconds duration of the whole run
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

    /** Whether a route aborted the run, so that no incident reports the cause. */
    public boolean brokeOff() {
        return outcome.equals("failed") && account == null && incidents.isEmpty();
    }

    /** The result of a run that was not finished, for a reason that no incident reports. */
    public static SyncResult unfinished(String site, double seconds) {
        return new SyncResult(site, null, "failed", 0, 0, 0, 0, 0, new Difference(0, 0, 0), List.of(), seconds);
    }

    /** Licenses that differ from the previous run. */
    public record Difference(long added, long changed, long gone) {}

    /**
     * An incident that this run opened or observed again.
     *
     * @param place the place as text for people: {@code hq/ACME/Default}
     */
    public record Noted(String code, String place, String summary) {}
}
