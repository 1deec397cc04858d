package io.licenserelay.evidence.excerpt;

import io.licenserelay.text.WireNamed;

/** Whom a line of a log is about. */
public enum LineOwner implements WireNamed {
    /** The failed request itself: its id, or its client, method and path at its time. */
    FAILED_REQUEST,
    /** The failed client, with another request. */
    SAME_CLIENT,
    /** Another client: its success or failure proves nothing about ours. */
    OTHER_CLIENT,
    /** It does not say, or not for sure. */
    UNKNOWN
}
