package io.licenserelay.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes one SHA-256 from several parts. Not thread-safe. */
public final class Sha256 {
    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Adds bytes. Returns this object. */
    public Sha256 add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds a text in UTF-8. Returns this object. */
    public Sha256 add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The 32 bytes of the digest of all parts. Starts again without a part. */
    public byte[] bytes() {
        return digest.digest();
    }

    /** The digest of all parts, in 64 lower-case hexadecimal digits. Starts again without a part. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }
}
