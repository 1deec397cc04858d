package io.licenserelay.reports.files;

import io.licenserelay.text.FunnelInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts the bytes that are read and computes their SHA-256. Used by one thread. */
public final class DigestingInputStream extends FunnelInputStream {
    private final MessageDigest digest;
    private long bytes;

    public DigestingInputStream(InputStream in) {
        super(in);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Returns the SHA-256 of all bytes read so far, in hex. May be called once. */
    public String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The number of bytes read so far. */
    public long bytes() {
        return bytes;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = super.read(into, from, length);
        if (read > 0) {
            digest.update(into, from, read);
            bytes += read;
        }
        return read;
    }
}
