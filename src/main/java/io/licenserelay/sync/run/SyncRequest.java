package io.licenserelay.sync.run;

import io.licenserelay.text.WireNamed;
import org.jspecify.annotations.Nullable;

/**
 * A request to sync a site now.
 *
 * @param requestedBy the person or system that sent the request; null for a scheduled run
 * @param accept accept answers with missing licenses (see LIC4008)
 */
public record SyncRequest(
        String site,
        Cause cause,
        @Nullable String requestedBy,
        @Nullable String reason,
        boolean accept) {

    public static SyncRequest of(String site, Cause cause) {
        return new SyncRequest(site, cause, null, null, false);
    }

    /**
     * Whether an operator sent the request. An operator may allow a refused password to be sent again; a command on
     * Kafka may not.
     */
    public boolean byOperator() {
        return cause == Cause.OPERATOR;
    }

    /** Whether a person or a command requested the run, not the schedule. */
    public boolean isOnDemand() {
        return cause == Cause.OPERATOR || cause == Cause.COMMAND;
    }

    /** The cause of a run. */
    public enum Cause implements WireNamed {
        SCHEDULE,
        /** A scheduled run was missed while the relay was down. */
        CATCH_UP,
        OPERATOR,
        COMMAND
    }
}
