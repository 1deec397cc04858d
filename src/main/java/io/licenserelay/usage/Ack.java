package io.licenserelay.usage;

import java.util.Base64;

/**
 * An acknowledgement as the server gave it.
 *
 * @param udi the device it is for; it names no report
 * @param base64 its content, which {@code license smart import} takes once decoded
 */
public record Ack(Udi udi, String base64) {

    /**
     * Its content, decoded.
     *
     * @throws IllegalArgumentException when it is no base64
     */
    public byte[] bytes() {
        return Base64.getMimeDecoder().decode(base64);
    }
}
