package io.licenserelay.evidence;

import java.util.Locale;

/** What is not well: one place and flow has at most one open incident. */
public enum Flow {
    PULL,
    PUSH,
    MANAGER,
    COMPLIANCE,
    EXPIRY,
    RELAY;

    /** As it stands in keys and events: {@code pull}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
