package io.licenserelay.config.secret;

/** A secret could not be read. The message names its source and the fix, never a value. */
public final class SecretUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SecretUnavailable(String message) {
        super(message);
    }
}
