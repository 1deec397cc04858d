package io.licenserelay.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client connection. Forwards bytes between the client and the HTTP server, and applies faults to the answers. */
public final class ClientConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int HANDSHAKE_TIMEOUT_MILLIS = 10_000;
    private static final int IDLE_TIMEOUT_MILLIS = 300_000;
    private static final int BUFFER = 16 * 1024;

    private final Socket raw;
    private final Socket client;
    private final Socket server;
    private final CountDownLatch clientClosed = new CountDownLatch(1);
    private volatile Answer answer = new Answer(AnswerPlan.UNCHANGED);
    private volatile boolean stalled;

    /** The progress of one answer. Each answer has its own object, because the thread of the previous answer can still be running. */
    private static final class Answer {
        private final AnswerPlan plan;
        private long sent;

        private Answer(AnswerPlan plan) {
            this.plan = plan;
        }
    }

    private ClientConnection(Socket raw, Socket client, Socket server) {
        this.raw = raw;
        this.client = client;
        this.server = server;
    }

    /** Performs the TLS handshake with the client, then connects to the server. */
    public static ClientConnection open(Socket raw, SSLContext tls, InetSocketAddress backend) throws IOException {
        raw.setSoTimeout(HANDSHAKE_TIMEOUT_MILLIS);
        SSLSocket client = (SSLSocket) tls.getSocketFactory().createSocket(raw, null, true);
        client.setUseClientMode(false);
        client.startHandshake();
        raw.setSoTimeout(IDLE_TIMEOUT_MILLIS);
        Socket server = new Socket(backend.getAddress(), backend.getPort());
        server.setTcpNoDelay(true);
        return new ClientConnection(raw, client, server);
    }

    public int backendPort() {
        return server.getLocalPort();
    }

    public InetSocketAddress client() {
        return (InetSocketAddress) raw.getRemoteSocketAddress();
    }

    /** Sets the plan of the next answer. No byte of that answer may have been sent yet. */
    public void follow(AnswerPlan next) {
        answer = new Answer(next);
    }

    /** Stops answering. The connection stays open until the client closes it. */
    public void stall() {
        stalled = true;
    }

    public boolean stalled() {
        return stalled;
    }

    public void reset() {
        reset(raw);
        close();
    }

    /** Forwards bytes in both directions until one side closes. */
    public void relay(Executor threads) throws IOException {
        threads.execute(this::forwardRequests);
        try {
            forwardAnswers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        closeQuietly(client);
        closeQuietly(raw);
    }

    public static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }

    /** Closes the socket with a TCP RST. */
    public static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            LOG.debug("resetting: {}", e.toString());
        }
    }

    private void forwardRequests() {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!stalled) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            LOG.debug("client disconnected: {}", e.toString());
        } finally {
            clientClosed.countDown();
            closeQuietly(server);
        }
    }

    private void forwardAnswers() throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        InputStream in = server.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (!forward(buffer, n)) {
                return;
            }
        }
        if (stalled) {
            clientClosed.await(IDLE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
        clientClosed.await(answer.plan.closeMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns false if the plan ends the connection at this point. */
    private boolean forward(byte[] buffer, int length) throws IOException, InterruptedException {
        Answer current = answer;
        AnswerPlan plan = current.plan;
        if (current.sent == 0) {
            plan.skew(buffer, length);
        }
        int allowed = plan.bytes() < 0 ? length : (int) Math.min(length, plan.bytes() - current.sent);
        write(buffer, allowed, plan.bytesPerSecond());
        current.sent += allowed;
        if (plan.bytes() < 0 || current.sent < plan.bytes()) {
            return true;
        }
        if (plan.reset()) {
            reset(raw);
        }
        return false;
    }

    private void write(byte[] buffer, int length, long bytesPerSecond) throws IOException, InterruptedException {
        OutputStream out = client.getOutputStream();
        int chunk = bytesPerSecond == 0 ? BUFFER : (int) Math.max(1, Math.min(BUFFER, bytesPerSecond / 10));
        for (int offset = 0; offset < length; offset += chunk) {
            int n = Math.min(chunk, length - offset);
            out.write(buffer, offset, n);
            out.flush();
            if (bytesPerSecond > 0 && clientClosed.await(1000L * n / bytesPerSecond, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }
}
