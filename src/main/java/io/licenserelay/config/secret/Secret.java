package io.licenserelay.config.secret;

import java.util.Arrays;

/**
 * A value that nobody but its receiver may see. It is named in {@code relay.yaml} as {@code env:NAME} or
 * {@code file:PATH} and read anew at every use, so that a rotation needs no restart. Its text form is {@code ***}.
 */
public interface Secret {

    /**
     * The value as it is now; the caller clears the array after use. A single line end at a file's end is not part of it.
     *
     * @throws SecretUnavailable when the variable or the file is not there, is empty, or is larger than 64 KiB
     */
    char[] reveal();

    /** The same for receivers that take text alone; it stays in memory until it is collected. */
    default String revealText() {
        char[] value = reveal();
        try {
            return new String(value);
        } finally {
            Arrays.fill(value, '\0');
        }
    }

    /** Where it is read from, as in the configuration: {@code env:SSM_CLIENT_SECRET}. Safe to show. */
    String source();
}
