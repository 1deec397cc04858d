package io.licenserelay.view.licenses;

import io.licenserelay.text.WireNamed;

/** A filter of licenses by the status that SSM lists. */
public enum ComplianceState implements WireNamed {
    IN,
    OUT,
    /** Another status than the two that are known. */
    OTHER
}
