package io.licenserelay.evidence.probes.tls;

import io.licenserelay.evidence.probes.LoopbackServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The CONNECT method of an HTTP proxy. */
public final class Tunnel {
    private Tunnel() {}

    /** Connects to a loopback port, regardless of the requested host. */
    public static LoopbackServer.Conversation to(int port) {
        return (socket, proxy) -> {
            proxy.readHead(socket);
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                LoopbackServer.start("tunnel", () -> pump(server, socket));
                pump(socket, server);
            }
        };
    }

    private static void pump(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }
}
