package io.licenserelay.event.hook;

import org.jspecify.annotations.Nullable;

/** A hook brought no result; the message says why in a phrase and quotes nothing of what the hook returned or threw. */
public final class HookFailed extends Exception {
    private static final long serialVersionUID = 1L;

    HookFailed(String message) {
        super(message);
    }

    HookFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
