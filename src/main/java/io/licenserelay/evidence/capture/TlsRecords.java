package io.licenserelay.evidence.capture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the TLS records of one side of a connection (RFC 8446, 5.1) until bytes are missing. It keeps only the beginning of a record's
 * body.
 */
final class TlsRecords {
    private static final int HEAD = 5;
    private static final int KEPT = 2048;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int DATA = 23;
    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_VERSIONS = 43;

    /** An encrypted alert of TLS 1.3 is shorter than any message before it. */
    private static final int LONGER_THAN_AN_ALERT = 24;

    private final byte[] head = new byte[HEAD];
    private final byte[] body = new byte[KEPT];
    private int headSize;
    private int bodySize;
    private int left;
    private boolean incomplete;
    private boolean encrypted;
    private int records;

    boolean notTls;
    boolean hello;
    int dataRecords;

    @Nullable
    Integer version;

    @Nullable
    String serverName;

    final List<Integer> alerts = new ArrayList<>();

    /** @param length number of bytes on the wire; bytes that were not captured are skipped */
    void add(byte[] captured, int length) {
        for (byte each : captured) {
            if (incomplete) {
                return;
            }
            add(each);
        }
        skip(length - captured.length);
    }

    /** Records that bytes are missing, so that the start of the next record is unknown. */
    void markIncomplete() {
        if (headSize > 0 || left > 0 || records > 0) {
            endOfBody();
        }
        incomplete = true;
    }

    private void add(byte each) {
        if (left == 0) {
            head[headSize++] = each;
            if (headSize == HEAD) {
                begin();
            }
            return;
        }
        if (bodySize < KEPT) {
            body[bodySize++] = each;
        }
        if (--left == 0) {
            endOfBody();
        }
    }

    private void skip(int bytes) {
        if (bytes <= 0 || incomplete) {
            return;
        }
        if (bytes > left) {
            markIncomplete();
            return;
        }
        left -= bytes;
        if (left == 0) {
            endOfBody();
        }
    }

    private void begin() {
        int type = head[0] & 0xff;
        left = (head[3] & 0xff) << 8 | head[4] & 0xff;
        if (type < 20 || type > 24 || head[1] != 3 || left > 18_432) {
            notTls = records == 0;
            incomplete = true;
            left = 0;
        }
        records++;
        if (type == DATA && left > LONGER_THAN_AN_ALERT) {
            dataRecords++;
        }
        if (left == 0) {
            headSize = 0;
        }
    }

    private void endOfBody() {
        if (headSize == HEAD) {
            ByteBuffer bytes = ByteBuffer.wrap(body, 0, bodySize);
            switch (head[0] & 0xff) {
                case 20 -> encrypted = true;
                case ALERT -> alert(bytes);
                case HANDSHAKE -> handshake(bytes);
                default -> {
                    // Application data is not read.
                }
            }
        }
        headSize = 0;
        bodySize = 0;
    }

    private void alert(ByteBuffer bytes) {
        if (!encrypted && bodySize == 2) {
            alerts.add(bytes.get(1) & 0xff);
        }
    }

    /** Reads a hello. If it was captured only in part, the available fields are read. */
    private void handshake(ByteBuffer bytes) {
        if (hello || encrypted || bytes.remaining() < 1) {
            return;
        }
        int type = bytes.get(0);
        if (type != 1 && type != 2) {
            return;
        }
        hello = true;
        try {
            bytes.position(4);
            version = (int) bytes.getShort();
            bytes.position(bytes.position() + 32);
            skipVector(bytes, bytes.get() & 0xff);
            if (type == 1) {
                skipVector(bytes, bytes.getShort() & 0xffff);
                skipVector(bytes, bytes.get() & 0xff);
            } else {
                skipVector(bytes, 3);
            }
            extensions(bytes, type == 1);
        } catch (BufferUnderflowException | IllegalArgumentException cut) {
            // The fields before the truncation are kept.
            bytes.position(0);
        }
    }

    private void extensions(ByteBuffer bytes, boolean ofClient) {
        bytes.getShort();
        while (bytes.remaining() >= 4) {
            int type = bytes.getShort() & 0xffff;
            int length = bytes.getShort() & 0xffff;
            int next = bytes.position() + length;
            if (type == SERVER_NAME && ofClient && length > 5) {
                name(bytes);
            } else if (type == SUPPORTED_VERSIONS) {
                versions(bytes, ofClient, length);
            }
            bytes.position(next);
        }
    }

    private void name(ByteBuffer bytes) {
        bytes.position(bytes.position() + 3);
        byte[] name = new byte[Math.min(255, bytes.getShort() & 0xffff)];
        bytes.get(name);
        serverName = new String(name, StandardCharsets.US_ASCII).replaceAll("[^A-Za-z0-9._-]", "?");
    }

    private void versions(ByteBuffer bytes, boolean ofClient, int length) {
        int count = ofClient ? (bytes.get() & 0xff) / 2 : length / 2;
        for (int i = 0; i < count; i++) {
            int each = bytes.getShort();
            // Other values are GREASE (RFC 8701).
            if (each >= 0x0300 && each <= 0x0304 && (version == null || each > version)) {
                version = each;
            }
        }
    }

    private static void skipVector(ByteBuffer bytes, int length) {
        bytes.position(bytes.position() + length);
    }
}
