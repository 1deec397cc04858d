package io.licenserelay.evidence;

import io.licenserelay.text.WireNamed;

/** The activity that failed. A place and a flow have at most one open incident. */
public enum Flow implements WireNamed {
    PULL,
    PUSH,
    MANAGER,
    COMPLIANCE,
    EXPIRY,
    RELAY
}
