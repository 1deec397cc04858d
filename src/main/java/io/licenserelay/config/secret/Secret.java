package io.licenserelay.config.secret;

import java.util.Arrays;

/**
 * A secret value. {@code relay.yaml} refers to it as {@code env:NAME} or {@code file:PATH}. It is read again at every use, so that a
 * rotation of a file needs no restart; the variables of a process never change. Its {@code toString()} is {@code ***}.
 */
public interface Secret {

    /**
     * The current value. The caller clears the array after use. One line end at the end of a file is removed.
     *
     * @throws SecretUnavailable when the variable or the file does not exist, is empty, or is larger than 64 KiB
     */
    char[] reveal();

    /** The current value as a string, for receivers that need one. The string stays in memory until garbage collection. */
    default String revealText() {
        char[] value = reveal();
        try {
            return new String(value);
        } finally {
            Arrays.fill(value, '\0');
        }
    }

    /** The source as in the configuration: {@code env:SSM_CLIENT_SECRET}. It contains no secret. */
    String source();
}
