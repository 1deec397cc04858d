package io.licenserelay.usage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and digests (SHA-256) what is read. Used by one thread. */
final class DigestingInput extends FilterInputStream {
    private final MessageDigest digest;
    private long bytes;

    DigestingInput(InputStream in) {
        super(in);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Of what was read so far; to be asked once. */
    String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** How many were read so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            digest.update((byte) read);
            bytes++;
        }
        return read;
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

    /** What is skipped counts as read. */
    @Override
    public long skip(long length) throws IOException {
        long skipped = 0;
        while (skipped < length && read() >= 0) {
            skipped++;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
