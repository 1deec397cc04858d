package io.licenserelay.simulator.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.ClientConnection;
import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base of every simulated server: TLS in endpoint, HTTP behind it, and faults on both. Faults can also be set over plain HTTP. Safe for
 * use by many threads.
 */
public final class FaultyServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FaultyServer.class);
    private static final int THREADS = 64;

    static {
        // The JDK reads this property once, when the server's classes load. Without it, every answer takes 44 ms on
        // loopback.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final String host;
    private final RequestHandler handler;
    private final Consumer<Faults> faultListener;
    private final HttpServer server;
    private final ThreadPoolExecutor workers;
    private final Faults faults = new Faults(this::applyFaults);
    private final FaultsEndpoint faultsEndpoint = new FaultsEndpoint(faults);
    private final FaultCertificates certificates;
    private final FaultyListener listener;

    /** Answers the requests of clients. */
    public interface RequestHandler {
        void answer(Call call, ClientConnection connection) throws IOException, InterruptedException;
    }

    /**
     * The address on which the server listens, and its certificate.
     *
     * @param port 0 means any free port
     * @param controlPort the port on loopback that sets faults over plain HTTP; 0 means any free port
     */
    public record TlsEndpoint(
            String host,
            InetAddress address,
            int port,
            int controlPort,
            CertificateAuthority authority,
            ServerCertificate certificate) {

        /** On loopback, on any free port, with a certificate of this CA. */
        public static TlsEndpoint onLoopback(CertificateAuthority authority) {
            return new TlsEndpoint(
                    "localhost",
                    InetAddress.getLoopbackAddress(),
                    0,
                    0,
                    authority,
                    authority.server("localhost", "127.0.0.1").issue());
        }
    }

    /** @param faultListener is called after every change of the faults */
    public FaultyServer(TlsEndpoint endpoint, Consumer<Faults> faultListener, RequestHandler handler)
            throws IOException {
        this.host = endpoint.host;
        this.handler = handler;
        this.faultListener = faultListener;
        this.certificates = new FaultCertificates(endpoint.authority, endpoint.certificate, endpoint.host);
        this.workers = workers();
        this.server = control(endpoint.controlPort);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        this.listener = listen(endpoint);
    }

    /** Starts to answer requests. */
    public void start() {
        server.start();
    }

    public URI url() {
        return URI.create("https://" + host + ":" + port());
    }

    public int port() {
        return listener.port();
    }

    public Faults faults() {
        return faults;
    }

    public URI control() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/simulator/faults");
    }

    /** The number of connections that clients have opened since the start. */
    public long connections() {
        return listener.accepted();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        server.stop(0);
        workers.shutdownNow();
    }

    private static HttpServer control(int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        } catch (IOException e) {
            throw new IOException("cannot listen on control port " + port + ": " + e.getMessage(), e);
        }
    }

    private FaultyListener listen(TlsEndpoint endpoint) throws IOException {
        try {
            return new FaultyListener(
                    endpoint.address, endpoint.port, server.getAddress(), endpoint.certificate.sslContext(), faults);
        } catch (IOException e) {
            server.stop(0);
            throw new IOException("cannot listen on port " + endpoint.port + ": " + e.getMessage(), e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        ClientConnection connection = listener.connection(exchange.getRemoteAddress());
        try (exchange) {
            InetSocketAddress client = connection == null ? exchange.getRemoteAddress() : connection.client();
            Call call = Call.read(exchange, client.getAddress());
            if (FaultsEndpoint.serves(call.segments())) {
                faultsEndpoint.answer(call);
            } else if (connection == null) {
                call.error(404, "this port only sets faults; the server is at " + url());
            } else {
                handler.answer(call, connection);
            }
        } catch (IOException e) {
            LOG.debug("{} not answered: {}", exchange.getRequestURI().getRawPath(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("{} not answered", exchange.getRequestURI().getRawPath(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes all connections after a change below HTTP, so that clients with a connection pool are affected by it too. */
    private synchronized void applyFaults(boolean belowHttp) {
        faultListener.accept(faults);
        listener.dropStalled();
        if (!belowHttp) {
            return;
        }
        try {
            listener.present(certificates.current(faults).sslContext());
            listener.dropAll();
            if (faults.onConnection(Fault.REFUSE) != null) {
                listener.refuse();
            } else {
                listener.listen();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port() + " cannot be used again", e);
        }
    }

    private static ThreadPoolExecutor workers() {
        ThreadPoolExecutor workers =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1024), work -> {
                    Thread thread = new Thread(work, "simulator");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }
}
