package io.licenserelay.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a client, passed on to the HTTP server. */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int IDLE_MILLIS = 300_000;

    private final Socket raw;
    private final Socket client;
    private final Socket server;

    private Connection(Socket raw, Socket client, Socket server) {
        this.raw = raw;
        this.client = client;
        this.server = server;
    }

    /** Shakes hands with the client, then connects to the server. */
    static Connection open(Socket raw, SSLContext tls, InetSocketAddress backend) throws IOException {
        raw.setSoTimeout(HANDSHAKE_MILLIS);
        SSLSocket client = (SSLSocket) tls.getSocketFactory().createSocket(raw, null, true);
        client.setUseClientMode(false);
        client.startHandshake();
        raw.setSoTimeout(IDLE_MILLIS);
        Socket server = new Socket(backend.getAddress(), backend.getPort());
        server.setTcpNoDelay(true);
        return new Connection(raw, client, server);
    }

    int backendPort() {
        return server.getLocalPort();
    }

    /** Passes bytes both ways until one side ends. */
    void relay(Executor threads) throws IOException {
        threads.execute(this::upwards);
        copy(server.getInputStream(), client.getOutputStream());
    }

    @Override
    public void close() {
        closeQuietly(server);
        closeQuietly(client);
        closeQuietly(raw);
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }

    private void upwards() {
        try {
            copy(client.getInputStream(), server.getOutputStream());
        } catch (IOException e) {
            LOG.debug("client went away: {}", e.toString());
        } finally {
            closeQuietly(server);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
    }
}
