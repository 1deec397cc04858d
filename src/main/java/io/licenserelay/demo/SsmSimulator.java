package io.licenserelay.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SSM On-Prem server over TLS, on loopback unless wished otherwise, as far as public clients show how one behaves. Its estate, clients and users
 * may be changed while it runs. Safe for use by many threads.
 */
public final class SsmSimulator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SsmSimulator.class);
    private static final int THREADS = 64;

    static {
        // Read once when the server's classes load; without it every answer takes 44 ms on loopback.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Estate estate;
    private final String host;
    private final CertificateAuthority authority;
    private final ServerCertificate certificate;
    private final Requests requests = new Requests();
    private final Tokens tokens;
    private final TokenEndpoint tokenEndpoint;
    private final ReportDesk reports = new ReportDesk();
    private final Router router;
    private final HttpServer server;
    private final ThreadPoolExecutor workers;
    private final Faults faults = new Faults(this::applyFaults);
    private final RequestFaults requestFaults = new RequestFaults(faults);
    private final FaultsEndpoint faultsEndpoint = new FaultsEndpoint(faults);
    private final FaultCertificates certificates;
    private final @Nullable SyslogWriter syslog;
    private final FaultyListener listener;

    SsmSimulator(SsmSimulatorBuilder wishes) throws IOException {
        this.estate = wishes.estate;
        this.host = wishes.host;
        this.authority = wishes.authority();
        this.certificate = wishes.certificate(authority);
        this.certificates = new FaultCertificates(authority, certificate, host);
        this.tokens = new Tokens(wishes.clock, wishes.tokenLifetime);
        this.tokenEndpoint = new TokenEndpoint(tokens, requests, wishes.wrongGrant, wishes.tellsLifetime);
        wishes.clients.forEach(tokenEndpoint::register);
        wishes.users.forEach(tokenEndpoint::register);
        this.router = new Router(
                tokenEndpoint,
                tokens,
                new LicenseEndpoints(estate, wishes.maxPage),
                new CssmEndpoints(estate, reports, faults, wishes.clock),
                wishes.guess);
        this.syslog = wishes.syslog();
        this.workers = workers();
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wishes.controlPort), 128);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        this.listener = listen(wishes.address, wishes.port);
        server.start();
        if (syslog != null) {
            syslog.started();
        }
    }

    public static SsmSimulatorBuilder builder() {
        return new SsmSimulatorBuilder();
    }

    /** Where it listens, for example {@code https://localhost:40123}. */
    public URI url() {
        return URI.create("https://" + host + ":" + port());
    }

    public int port() {
        return listener.port();
    }

    public Estate estate() {
        return estate;
    }

    /** The CA that signed its certificate; a self-signed certificate has another. */
    public CertificateAuthority authority() {
        return authority;
    }

    public ServerCertificate certificate() {
        return certificate;
    }

    /** The usage reports taken in, and how they are acknowledged. */
    public ReportDesk reports() {
        return reports;
    }

    /** What goes wrong here, switchable at any time. */
    public Faults faults() {
        return faults;
    }

    /** Where faults can be switched over plain HTTP even while nothing listens on its own port. */
    public URI control() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/simulator/faults");
    }

    public Requests requests() {
        return requests;
    }

    /** How many connections its clients have made since it started. */
    public long connections() {
        return listener.taken();
    }

    /** Adds a client, or replaces the one with its id: regenerated secret, other grant. Tokens given out stay good. */
    public SsmSimulator client(ApiClient client) {
        tokenEndpoint.register(client);
        return this;
    }

    public SsmSimulator removeClient(String id) {
        tokenEndpoint.unregister(id);
        return this;
    }

    /** Adds a user, or changes a password. */
    public SsmSimulator user(String name, String password) {
        tokenEndpoint.register(name, password);
        return this;
    }

    /** No token given out so far is good any more. */
    public SsmSimulator revokeTokens() {
        tokens.revokeAll();
        return this;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        server.stop(0);
        workers.shutdownNow();
        if (syslog != null) {
            syslog.close();
        }
    }

    private FaultyListener listen(InetAddress address, int port) throws IOException {
        try {
            return new FaultyListener(address, port, server.getAddress(), certificate.sslContext(), faults);
        } catch (IOException e) {
            server.stop(0);
            throw new IOException("cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        Connection connection = listener.connection(exchange.getRemoteAddress());
        try (exchange) {
            InetSocketAddress client = connection == null ? exchange.getRemoteAddress() : connection.client();
            Call call = Call.read(exchange, client.getAddress());
            if (FaultsEndpoint.serves(call.segments())) {
                faultsEndpoint.answer(call);
            } else if (connection == null) {
                LicenseEndpoints.error(call, 404, "only faults are switched here; SSM is at " + url());
            } else {
                answer(call, connection);
            }
        } catch (IOException e) {
            LOG.debug("{} not answered: {}", exchange.getRequestURI().getRawPath(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("{} not answered", exchange.getRequestURI().getRawPath(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Call call, Connection connection) throws IOException, InterruptedException {
        requests.record(call);
        if (syslog != null) {
            call.onAnswer(syslog::answered);
        }
        try {
            call.with("Server", "nginx");
            if (!requestFaults.answer(call, Asked.of(call), connection)) {
                router.answer(call);
            }
        } finally {
            call.end();
        }
    }

    /** What is open ends with a change below HTTP, so that clients with a pool meet it too. */
    private synchronized void applyFaults(boolean below) {
        if (syslog != null) {
            syslog.faults(faults);
        }
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
                    Thread thread = new Thread(work, "ssm-simulator");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }
}
