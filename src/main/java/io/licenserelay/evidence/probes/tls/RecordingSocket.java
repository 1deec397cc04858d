package io.licenserelay.evidence.probes.tls;

import io.licenserelay.text.FunnelInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * Records the first received bytes. They show whether the server uses TLS at all, and which alert it sent (RFC 8446, 5.1 and 6); the JDK
 * has this only in exception messages. For one reader.
 */
final class RecordingSocket extends Socket {
    private static final int HEADER = 5;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private boolean listening;

    /** Starts recording. The earlier answer of a proxy is ignored. */
    void listen() {
        listening = true;
    }

    boolean receivedNothing() {
        return first.size() == 0;
    }

    boolean receivedTls() {
        return !receivedNothing() && (first.toByteArray()[0] == ALERT || first.toByteArray()[0] == HANDSHAKE);
    }

    /** The alert that was received instead of a ServerHello, or -1. */
    int alert() {
        byte[] bytes = first.toByteArray();
        return bytes.length >= HEADER + 2 && bytes[0] == ALERT ? bytes[HEADER + 1] & 0xff : -1;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FunnelInputStream(super.getInputStream()) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                int wanted = HEADER + 2 - first.size();
                if (listening && count > 0 && wanted > 0) {
                    first.write(buffer, offset, Math.min(wanted, count));
                }
                return count;
            }
        };
    }
}
