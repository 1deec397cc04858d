package io.licenserelay.evidence.excerpt;

import io.licenserelay.text.WireNamed;

/** The client that a log line concerns. */
public enum LineOwner implements WireNamed {
    /** The failed request itself, matched by its id, or by client, method, path and time. */
    FAILED_REQUEST,
    /** Another request of the failed client. */
    SAME_CLIENT,
    /** Another client. Its success or failure proves nothing about the relay's request. */
    OTHER_CLIENT,
    /** Unknown or ambiguous. */
    UNKNOWN
}
