package io.licenserelay.simulator.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP proxy on loopback that opens tunnels ({@code CONNECT}), requires a password, or refuses requests. Safe for
 * use by many threads.
 */
public final class ConnectProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectProxy.class);
    private static final int MAX_HEADER_BYTES = 8192;
    private static final int IDLE_TIMEOUT_MILLIS = 60_000;

    private final ServerSocket serverSocket;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "connect-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile @Nullable String credentials;

    private ConnectProxy() throws IOException {
        serverSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public static ConnectProxy start() throws IOException {
        return new ConnectProxy();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + serverSocket.getLocalPort());
    }

    /** Answers every further request with this status, for example 502; 200 opens tunnels again. */
    public ConnectProxy answering(int code) {
        status = code;
        return this;
    }

    /** Answers further requests without these credentials with 407. */
    public ConnectProxy wanting(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        credentials = "Basic " + Base64.getEncoder().encodeToString(pair);
        return this;
    }

    /** The requested targets, for example {@code localhost:8443}. */
    public List<String> targets() {
        return new ArrayList<>(targets);
    }

    @Override
    public void close() throws IOException {
        serverSocket.close();
        open.forEach(ClientConnection::closeQuietly);
        threads.shutdownNow();
    }

    private void accept() {
        while (!serverSocket.isClosed()) {
            try {
                Socket client = serverSocket.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                LOG.debug("accept ended: {}", e.toString());
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(IDLE_TIMEOUT_MILLIS);
            InputStream in = new BufferedInputStream(client.getInputStream());
            String head = head(in);
            String target = target(head);
            targets.add(target);
            String required = credentials;
            if (required != null && !head.contains("\r\nProxy-Authorization: " + required + "\r\n")) {
                refuse(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"");
            } else if (status != 200) {
                refuse(client, status + " Refused");
            } else {
                tunnel(client, in, target);
            }
        } catch (IOException e) {
            LOG.debug("tunnel ended: {}", e.toString());
        } finally {
            open.remove(client);
        }
    }

    private void tunnel(Socket client, InputStream in, String target) throws IOException {
        int colon = target.lastIndexOf(':');
        try (Socket server = new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)))) {
            client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            threads.execute(() -> forward(in, server));
            server.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static void forward(InputStream in, Socket server) {
        try (OutputStream out = server.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            LOG.debug("client disconnected: {}", e.toString());
        }
    }

    private static void refuse(Socket client, String answer) throws IOException {
        String whole = "HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < MAX_HEADER_BYTES && head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client disconnected before the end of its request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String target(String head) throws IOException {
        String[] words = head.split(" ", 3);
        if (words.length < 3 || !words[0].equals("CONNECT") || words[1].indexOf(':') < 0) {
            throw new IOException("not a CONNECT request");
        }
        return words[1];
    }
}
