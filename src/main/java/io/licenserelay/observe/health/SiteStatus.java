package io.licenserelay.observe.health;

import io.licenserelay.text.WireNamed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a site works.
 *
 * @param reason the code and summary of the worst open incident, redacted; null if there is none
 * @param since when that incident was opened, or when the last run ended that made the site known to work; null if no run has ended
 */
public record SiteStatus(
        String site,
        State state,
        @Nullable String reason,
        @Nullable Instant since) {
    /** The state of a site. */
    public enum State implements WireNamed {
        /** A run was complete or partial, and no incident of severity error or critical is open. */
        UP,
        /** An incident of severity error or critical is open. */
        DOWN,
        /** No run has ended yet. */
        UNKNOWN
    }
}
