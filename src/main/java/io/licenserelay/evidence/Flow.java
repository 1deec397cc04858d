package io.licenserelay.evidence;

import io.licenserelay.text.WireNamed;

/** What is not well: one place and flow has at most one open incident. */
public enum Flow implements WireNamed {
    PULL,
    PUSH,
    MANAGER,
    COMPLIANCE,
    EXPIRY,
    RELAY
}
