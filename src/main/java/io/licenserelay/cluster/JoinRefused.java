package io.licenserelay.cluster;

import org.jspecify.annotations.Nullable;

/** The node cannot join the cluster. The message says why and what to do. */
public final class JoinRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why a node cannot join. */
    public enum Reason {
        UNREACHABLE,
        OLD_DATABASE,
        READ_ONLY_DATABASE,
        POOLER,
        CLOCK,
        NEWER_SCHEMA,
        BEING_COPIED,
        NAME_IN_USE
    }

    private final Reason reason;

    JoinRefused(Reason reason, String message) {
        this(reason, message, null);
    }

    JoinRefused(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
