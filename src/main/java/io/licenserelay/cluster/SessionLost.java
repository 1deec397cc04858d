package io.licenserelay.cluster;

import org.jspecify.annotations.Nullable;

/** The session of this node ended, or it cannot be relied on any more. */
final class SessionLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    SessionLost(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
