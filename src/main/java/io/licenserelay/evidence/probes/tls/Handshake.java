package io.licenserelay.evidence.probes.tls;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.probes.ConnectionPath;
import io.licenserelay.evidence.probes.Stopwatch;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * One TLS handshake without further data, and its result.
 *
 * @param reason {@link #DONE}, or one of the other constants
 * @param error Java's error message; empty on success
 */
record Handshake(String reason, String error, double millis) {
    static final String DONE = "ok";
    static final String TIMEOUT = "timeout";
    static final String RESET = "reset";
    static final String NOT_TLS = "not-tls";
    static final String NO_COMMON = "no-common";
    static final String ALERT = "alert";

    /**
     * Performs the handshake. The recorder has the presented certificates, even if they were rejected.
     *
     * @throws IOException when no connection was established: see {@link ConnectionPath#open}
     */
    static Handshake of(ConnectionPath path, ChainRecorder recorder, Deadline deadline) throws IOException {
        try (RecordingSocket socket = path.open(RecordingSocket::new, deadline)) {
            socket.listen();
            Stopwatch watch = Stopwatch.start();
            try (SSLSocket tls = path.secure(socket, context(recorder), deadline)) {
                tls.startHandshake();
                return new Handshake(DONE, "", watch.millis());
            } catch (IOException broken) {
                return new Handshake(
                        failureReason(socket, broken, deadline), String.valueOf(broken.getMessage()), watch.millis());
            }
        }
    }

    private static String failureReason(RecordingSocket socket, IOException broken, Deadline deadline) {
        if (broken instanceof SocketTimeoutException || deadline.passed()) {
            return TIMEOUT;
        }
        if (socket.receivedNothing()) {
            return RESET;
        }
        if (!socket.receivedTls()) {
            return NOT_TLS;
        }
        return switch (socket.alert()) {
            // No alert, or handshake_failure, protocol_version, insufficient_security (RFC 8446, 6.2).
            case -1, 40, 70, 71 -> NO_COMMON;
            default -> ALERT;
        };
    }

    private static SSLContext context(ChainRecorder recorder) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {recorder}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java has no TLS", e);
        }
    }
}
