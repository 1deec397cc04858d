package io.licenserelay.simulator.fault;

import io.licenserelay.simulator.http.ClientConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS front of the simulator: it accepts connections, speaks TLS and forwards bytes to the plain HTTP server behind
 * it. So the simulator can fail on every layer below HTTP. Safe for use by many threads.
 */
final class FaultyListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FaultyListener.class);
    private static final int MAX_CONNECTIONS = 256;

    private final InetSocketAddress backend;
    private final Faults faults;
    private final Semaphore slots = new Semaphore(MAX_CONNECTIONS);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<Integer, ClientConnection> connections = new ConcurrentHashMap<>();
    private final ExecutorService threads;
    private final InetAddress address;
    private final int port;
    private final AtomicLong accepted = new AtomicLong();
    private volatile SSLContext tls;
    private ServerSocket serverSocket;
    private CompletableFuture<Void> accepting;

    FaultyListener(InetAddress address, int port, InetSocketAddress backend, SSLContext tls, Faults faults)
            throws IOException {
        this.address = address;
        this.backend = backend;
        this.faults = faults;
        this.tls = tls;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "ssm-simulator-connection");
            thread.setDaemon(true);
            return thread;
        });
        this.serverSocket = bind(port);
        this.port = serverSocket.getLocalPort();
        this.accepting = accept(serverSocket);
    }

    int port() {
        return port;
    }

    /** The number of connections that clients have opened so far. */
    long accepted() {
        return accepted.get();
    }

    /**
     * The client connection of a request that the HTTP server received from this address; null if the request did not
     * come through this listener.
     */
    @Nullable
    ClientConnection connection(InetSocketAddress remote) {
        return connections.get(remote.getPort());
    }

    /** Stops listening and closes all connections. */
    synchronized void refuse() throws IOException {
        serverSocket.close();
        dropAll();
        // The kernel keeps listening while a thread is in accept().
        accepting.join();
        dropAll();
    }

    /** Listens on the same port again. Does nothing if it already listens. */
    synchronized void listen() throws IOException {
        if (serverSocket.isClosed()) {
            serverSocket = bind(port);
            accepting = accept(serverSocket);
        }
    }

    /** Presents another certificate from now on. */
    void present(SSLContext context) {
        tls = context;
    }

    /** Closes stalled connections, which would otherwise hang until their clients time out. */
    void dropStalled() {
        connections.values().stream().filter(ClientConnection::stalled).forEach(ClientConnection::close);
    }

    /** Closes all connections, so that clients with a connection pool are affected by the change too. */
    void dropAll() {
        connections.values().forEach(ClientConnection::close);
        sockets.forEach(ClientConnection::closeQuietly);
    }

    @Override
    public synchronized void close() throws IOException {
        refuse();
        threads.shutdownNow();
    }

    private ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(address, port), 128);
        return socket;
    }

    private CompletableFuture<Void> accept(ServerSocket from) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!from.isClosed()) {
                        acceptOne(from);
                    }
                },
                threads);
    }

    private void acceptOne(ServerSocket from) {
        try {
            Socket socket = from.accept();
            if (from.isClosed()) {
                ClientConnection.reset(socket);
                return;
            }
            slots.acquireUninterruptibly();
            sockets.add(socket);
            accepted.incrementAndGet();
            threads.execute(() -> serve(socket));
        } catch (IOException e) {
            LOG.debug("accept ended: {}", e.toString());
        }
    }

    private void serve(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            serveOrFail(socket);
        } catch (IOException e) {
            // Tests make clients reject a certificate or disconnect, so this is no error.
            LOG.debug("connection of {} ended: {}", socket.getRemoteSocketAddress(), e.toString());
        } finally {
            sockets.remove(socket);
            ClientConnection.closeQuietly(socket);
            slots.release();
        }
    }

    private void serveOrFail(Socket socket) throws IOException {
        if (faults.hitsConnection(Fault.RESET) != null) {
            ClientConnection.reset(socket);
        } else if (faults.hitsConnection(Fault.STALL) != null) {
            BadHandshake.readUntilClosed(socket);
        } else if (faults.hitsConnection(Fault.PLAIN_HTTP) != null) {
            BadHandshake.plainHttp(socket);
        } else if (faults.hitsConnection(Fault.OLD_TLS) != null) {
            BadHandshake.oldTls(socket);
        } else {
            relay(socket);
        }
    }

    private void relay(Socket socket) throws IOException {
        try (ClientConnection connection = ClientConnection.open(socket, tls, backend)) {
            connections.put(connection.backendPort(), connection);
            try {
                connection.relay(threads);
            } finally {
                connections.remove(connection.backendPort(), connection);
            }
        }
    }
}
