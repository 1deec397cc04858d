package io.licenserelay.evidence.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection or connection attempt in a capture.
 *
 * @param client the endpoint that opened it; if the capture lacks the beginning, the endpoint with the higher port
 * @param opened whether the capture contains its SYN
 * @param syns number of SYNs of the client
 * @param answered whether the capture contains the server's SYN-ACK
 * @param handshakeMillis from the first SYN to the first SYN-ACK; null if one of them or its time is missing
 * @param refused whether the only answer to the SYN was a reset
 * @param sentAgain number of retransmitted or out-of-order segments, both sides
 * @param reset the side that sent the first reset
 * @param closedFirst the side that closed the connection first
 * @param idleMillis the longest time without a packet; null if times are missing
 * @param silentMillis from the client's last data to the connection's last packet if no data was received after it; otherwise null
 * @param incorrectFromClient number of the client's segments whose checksum tcpdump reported as incorrect
 * @param tls the readable TLS data of each side; null for text captures
 */
public record Conversation(
        Endpoint client,
        Endpoint server,
        boolean opened,
        int syns,
        boolean answered,
        @Nullable Double handshakeMillis,
        boolean refused,
        long bytesOut,
        long bytesIn,
        int sentAgain,
        @Nullable Side reset,
        @Nullable Side closedFirst,
        @Nullable Double idleMillis,
        @Nullable Double silentMillis,
        int incorrectFromClient,
        int incorrectFromServer,
        @Nullable Tls tls) {

    /** An endpoint of the connection. */
    public enum Side {
        CLIENT,
        SERVER
    }

    /**
     * The unencrypted data of TLS records (RFC 8446, 5.1 and 6).
     *
     * @param version the version that the server chose, or the highest that the client offered
     * @param serverName the name that the client requested; null if it sent none, or if it was not captured
     * @param clientAlerts numbers of the client's unencrypted alerts
     * @param clientSpoke whether the client sent application data, so it had accepted the server's certificate
     * @param notTls whether the server's first bytes are not TLS although the client's are
     */
    public record Tls(
            @Nullable String version,
            @Nullable String serverName,
            List<Integer> clientAlerts,
            List<Integer> serverAlerts,
            boolean clientSpoke,
            boolean notTls) {}

    /** Whether data was sent in both directions. */
    boolean spoken() {
        return bytesOut > 0 && bytesIn > 0;
    }
}
