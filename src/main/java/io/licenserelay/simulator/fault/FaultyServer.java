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
 * What every simulated server stands on: TLS in front, HTTP behind it, and faults on both, switched over plain HTTP as well. Safe for
 * use by many threads.
 */
public final class FaultyServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FaultyServer.class);
    private static final int THREADS = 64;

    static {
        // Read once when the server's classes load; without it every answer takes 44 ms on loopback.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final String host;
    private final Answers answers;
    private final Consumer<Faults> switched;
    private final HttpServer server;
    private final ThreadPoolExecutor workers;
    private final Faults faults = new Faults(this::applyFaults);
    private final FaultsEndpoint faultsEndpoint = new FaultsEndpoint(faults);
    private final FaultCertificates certificates;
    private final FaultyListener listener;

    /** What the server says. */
    public interface Answers {
        void answer(Call call, ClientConnection connection) throws IOException, InterruptedException;
    }

    /**
     * Where it listens and as whom.
     *
     * @param port 0 for any
     * @param controlPort where faults are switched over plain HTTP, on loopback; 0 for any
     */
    public record Front(
            String host,
            InetAddress address,
            int port,
            int controlPort,
            CertificateAuthority authority,
            ServerCertificate certificate) {

        /** On this machine alone, on any port, with a certificate of this CA. */
        public static Front onLoopback(CertificateAuthority authority) {
            return new Front(
                    "localhost",
                    InetAddress.getLoopbackAddress(),
                    0,
                    0,
                    authority,
                    authority.server("localhost", "127.0.0.1").issue());
        }
    }

    /** @param switched told after faults were switched */
    public FaultyServer(Front front, Consumer<Faults> switched, Answers answers) throws IOException {
        this.host = front.host;
        this.answers = answers;
        this.switched = switched;
        this.certificates = new FaultCertificates(front.authority, front.certificate, front.host);
        this.workers = workers();
        this.server = control(front.controlPort);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        this.listener = listen(front);
    }

    /** Answers from now on. */
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

    /** How many connections its clients have made since it started. */
    public long connections() {
        return listener.taken();
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

    private FaultyListener listen(Front front) throws IOException {
        try {
            return new FaultyListener(
                    front.address, front.port, server.getAddress(), front.certificate.sslContext(), faults);
        } catch (IOException e) {
            server.stop(0);
            throw new IOException("cannot listen on port " + front.port + ": " + e.getMessage(), e);
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
                call.error(404, "only faults are switched here; the server is at " + url());
            } else {
                answers.answer(call, connection);
            }
        } catch (IOException e) {
            LOG.debug("{} not answered: {}", exchange.getRequestURI().getRawPath(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("{} not answered", exchange.getRequestURI().getRawPath(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is open ends with a change below HTTP, so that clients with a pool meet it too. */
    private synchronized void applyFaults(boolean below) {
        switched.accept(faults);
        listener.dropStalled();
        if (!below) {
            return;
        }
        try {
            listener.show(certificates.shown(faults).sslContext());
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
