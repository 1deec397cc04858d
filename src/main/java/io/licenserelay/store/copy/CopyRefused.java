package io.licenserelay.store.copy;

/** The state cannot be copied. Nothing was copied; the message says why and what to do. */
public final class CopyRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CopyRefused(String message) {
        super(message);
    }
}
