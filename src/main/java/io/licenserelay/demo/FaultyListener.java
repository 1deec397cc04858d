package io.licenserelay.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
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
    private final ServerSocket listening;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Integer, InetSocketAddress> clients = new ConcurrentHashMap<>();
    private final ExecutorService threads;
    private volatile SSLContext tls;

    FaultyListener(int port, InetSocketAddress backend, SSLContext tls) throws IOException {
        this.backend = backend;
        this.tls = tls;
        this.listening = new ServerSocket(port, 128, InetAddress.getByName("127.0.0.1"));
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "ssm-simulator-connection");
            thread.setDaemon(true);
            return thread;
        });
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** The true client of a request that came to the HTTP server from this address of ours. */
    InetSocketAddress clientOf(InetSocketAddress seen) {
        return clients.getOrDefault(seen.getPort(), seen);
    }

    /** Shows another certificate from now on. Connections that are open are closed: they have seen the old one. */
    void show(SSLContext context) {
        tls = context;
        connections.forEach(Connection::close);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.forEach(Connection::close);
        threads.shutdownNow();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                places.acquire();
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                places.release();
                LOG.debug("accept ended: {}", e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void serve(Socket socket) {
        @Nullable Connection connection = null;
        try {
            connection = Connection.open(socket, tls, backend);
            connections.add(connection);
            clients.put(connection.backendPort(), (InetSocketAddress) socket.getRemoteSocketAddress());
            connection.relay(threads);
        } catch (IOException e) {
            // Clients that reject a certificate or go away are the daily bread of a server that is there to be tested.
            LOG.debug("connection of {} ended: {}", socket.getRemoteSocketAddress(), e.toString());
        } finally {
            forget(socket, connection);
        }
    }

    private void forget(Socket socket, @Nullable Connection connection) {
        if (connection != null) {
            connections.remove(connection);
            clients.remove(connection.backendPort());
            connection.close();
        }
        Connection.closeQuietly(socket);
        places.release();
    }
}
