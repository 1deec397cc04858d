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
 * The TLS front of the simulator: it takes connections on loopback, speaks TLS and passes bytes on to the plain HTTP server
 * behind, so that it can misbehave on every layer below HTTP. Safe for use by many threads.
 */
final class FaultyListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FaultyListener.class);
    private static final int MAX_CONNECTIONS = 256;

    private final InetSocketAddress backend;
    private final Faults faults;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<Integer, ClientConnection> connections = new ConcurrentHashMap<>();
    private final ExecutorService threads;
    private final InetAddress address;
    private final int port;
    private final AtomicLong taken = new AtomicLong();
    private volatile SSLContext tls;
    private ServerSocket listening;
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
        this.listening = bind(port);
        this.port = listening.getLocalPort();
        this.accepting = accept(listening);
    }

    int port() {
        return port;
    }

    /** How many connections clients have made so far. */
    long taken() {
        return taken.get();
    }

    /** The connection of a request that came to the HTTP server from this address of ours; null when it came around us. */
    @Nullable
    ClientConnection connection(InetSocketAddress remote) {
        return connections.get(remote.getPort());
    }

    /** Stops listening, and ends what is open. */
    synchronized void refuse() throws IOException {
        listening.close();
        dropAll();
        // The kernel goes on listening for as long as a thread is within accept().
        accepting.join();
        dropAll();
    }

    /** Listens again on the same port, or still does. */
    synchronized void listen() throws IOException {
        if (listening.isClosed()) {
            listening = bind(port);
            accepting = accept(listening);
        }
    }

    /** Shows another certificate from now on. */
    void show(SSLContext context) {
        tls = context;
    }

    /** Ends connections that would hang for as long as their clients have patience. */
    void dropStalled() {
        connections.values().stream().filter(ClientConnection::stalled).forEach(ClientConnection::close);
    }

    /** Ends what is open, so that clients with a pool meet what changed. */
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
            places.acquireUninterruptibly();
            sockets.add(socket);
            taken.incrementAndGet();
            threads.execute(() -> serve(socket));
        } catch (IOException e) {
            LOG.debug("accept ended: {}", e.toString());
        }
    }

    private void serve(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            greet(socket);
        } catch (IOException e) {
            // Clients that reject a certificate or go away are the daily bread of a server that is there to be tested.
            LOG.debug("connection of {} ended: {}", socket.getRemoteSocketAddress(), e.toString());
        } finally {
            sockets.remove(socket);
            ClientConnection.closeQuietly(socket);
            places.release();
        }
    }

    private void greet(Socket socket) throws IOException {
        if (faults.hitsConnection(Fault.RESET) != null) {
            ClientConnection.reset(socket);
        } else if (faults.hitsConnection(Fault.STALL) != null) {
            BadGreeting.untilGone(socket);
        } else if (faults.hitsConnection(Fault.PLAIN_HTTP) != null) {
            BadGreeting.plainHttp(socket);
        } else if (faults.hitsConnection(Fault.OLD_TLS) != null) {
            BadGreeting.oldTls(socket);
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
