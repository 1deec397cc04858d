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

/** One connection of a client, passed on to the HTTP server unless a fault has it otherwise. */
public final class ClientConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int IDLE_MILLIS = 300_000;
    private static final int BUFFER = 16 * 1024;

    private final Socket raw;
    private final Socket client;
    private final Socket server;
    private final CountDownLatch clientGone = new CountDownLatch(1);
    private volatile Answer answer = new Answer(AnswerPlan.HONEST);
    private volatile boolean stalled;

    /** The bytes of one answer on their way; a new one for each, since the last thread on the old one may be late. */
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

    /** Shakes hands with the client, then connects to the server. */
    public static ClientConnection open(Socket raw, SSLContext tls, InetSocketAddress backend) throws IOException {
        raw.setSoTimeout(HANDSHAKE_MILLIS);
        SSLSocket client = (SSLSocket) tls.getSocketFactory().createSocket(raw, null, true);
        client.setUseClientMode(false);
        client.startHandshake();
        raw.setSoTimeout(IDLE_MILLIS);
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

    /** For the answer that is sent next; no byte of it has been sent. */
    public void follow(AnswerPlan next) {
        answer = new Answer(next);
    }

    /** Nothing is answered any more; the connection stays until the client leaves it. */
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

    /** Passes bytes both ways until one side ends. */
    public void relay(Executor threads) throws IOException {
        threads.execute(this::upwards);
        try {
            downwards();
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

    /** Closes so that the other side is sent RST. */
    public static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            LOG.debug("resetting: {}", e.toString());
        }
    }

    private void upwards() {
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
            LOG.debug("client went away: {}", e.toString());
        } finally {
            clientGone.countDown();
            closeQuietly(server);
        }
    }

    private void downwards() throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        InputStream in = server.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (!answer(buffer, n)) {
                return;
            }
        }
        if (stalled) {
            clientGone.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
        clientGone.await(answer.plan.closeMillis(), TimeUnit.MILLISECONDS);
    }

    /** False when the plan says that the connection ends here. */
    private boolean answer(byte[] buffer, int length) throws IOException, InterruptedException {
        Answer now = answer;
        AnswerPlan plan = now.plan;
        if (now.sent == 0) {
            plan.skew(buffer, length);
        }
        int wanted = plan.bytes() < 0 ? length : (int) Math.min(length, plan.bytes() - now.sent);
        write(buffer, wanted, plan.bytesPerSecond());
        now.sent += wanted;
        if (plan.bytes() < 0 || now.sent < plan.bytes()) {
            return true;
        }
        if (plan.reset()) {
            reset(raw);
        }
        return false;
    }

    private void write(byte[] buffer, int length, long bytesPerSecond) throws IOException, InterruptedException {
        OutputStream out = client.getOutputStream();
        int step = bytesPerSecond == 0 ? BUFFER : (int) Math.max(1, Math.min(BUFFER, bytesPerSecond / 10));
        for (int at = 0; at < length; at += step) {
            int n = Math.min(step, length - at);
            out.write(buffer, at, n);
            out.flush();
            if (bytesPerSecond > 0 && clientGone.await(1000L * n / bytesPerSecond, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }
}
