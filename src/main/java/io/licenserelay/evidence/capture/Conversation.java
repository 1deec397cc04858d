package io.licenserelay.evidence.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection, or the attempt at one, as a capture shows it.
 *
 * @param client who opened it; when its beginning is not in the capture, the end with the higher port
 * @param opened its SYN is in the capture
 * @param syns how often the client asked for it
 * @param answered the server's SYN-ACK is in the capture
 * @param handshakeMillis from the first SYN to the first SYN-ACK; null when one is missing or times are
 * @param refused a reset was all that came back for the SYN
 * @param sentAgain segments whose data had been seen before, or out of order, of both sides
 * @param reset who sent the first reset
 * @param closedFirst who ended it in order first
 * @param idleMillis the longest time without a packet; null when times are missing
 * @param silentMillis from the client's last data to the connection's last packet, when no data came back for it; null otherwise
 * @param incorrectFromClient segments of the client whose checksum tcpdump called incorrect
 * @param tls what can be read of TLS, for each side; null in the form of text
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

    /** Which end. */
    public enum Side {
        CLIENT,
        SERVER
    }

    /**
     * What stands in clear in TLS records (RFC 8446, 5.1 and 6).
     *
     * @param version that the server chose, else the highest that the client offered
     * @param serverName that the client asked for; null when it said none, or it was not captured
     * @param clientAlerts descriptions of alerts in clear, by number
     * @param clientSpoke the client sent data of the application, so it had accepted the server's certificate
     * @param notTls the server's first bytes are no TLS though the client's are
     */
    public record Tls(
            @Nullable String version,
            @Nullable String serverName,
            List<Integer> clientAlerts,
            List<Integer> serverAlerts,
            boolean clientSpoke,
            boolean notTls) {}

    /** Data went both ways. */
    boolean spoken() {
        return bytesOut > 0 && bytesIn > 0;
    }
}
