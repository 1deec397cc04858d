package io.licenserelay.sync.run;

import io.licenserelay.text.WireNamed;
import org.jspecify.annotations.Nullable;

/**
 * Somebody or something wants a site synced now.
 *
 * @param requestedBy who asked, when it was a person or a system
 * @param accept believe answers that lack licenses (see LIC4008)
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

    /** An operator asked, who may lift the withholding of a password. A command on Kafka may not. */
    public boolean byOperator() {
        return cause == Cause.OPERATOR;
    }

    /** Somebody asked for it, as against time. */
    public boolean isOnDemand() {
        return cause == Cause.OPERATOR || cause == Cause.COMMAND;
    }

    /** Why a run runs. */
    public enum Cause implements WireNamed {
        SCHEDULE,
        /** A scheduled run was missed while the relay was down. */
        CATCH_UP,
        OPERATOR,
        COMMAND
    }
}
