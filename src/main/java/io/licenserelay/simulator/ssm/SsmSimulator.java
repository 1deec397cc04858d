package io.licenserelay.simulator.ssm;

import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.fault.Faults;
import io.licenserelay.simulator.fault.FaultyServer;
import io.licenserelay.simulator.fault.RequestSubject;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.ClientConnection;
import io.licenserelay.simulator.http.RequestLog;
import io.licenserelay.simulator.syslog.SyslogWriter;
import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A simulated SSM On-Prem over TLS, by default on loopback. It behaves as public clients expect. Its estate, clients
 * and users can be changed while it runs. Safe for use by many threads.
 */
public final class SsmSimulator implements AutoCloseable {
    private final Estate estate;
    private final CertificateAuthority authority;
    private final ServerCertificate certificate;
    private final RequestLog requests = new RequestLog();
    private final IssuedTokens tokens;
    private final SimulatedTokenEndpoint tokenEndpoint;
    private final ReceivedReports reports = new ReceivedReports();
    private final @Nullable SyslogWriter syslog;
    private final FaultyServer server;
    private final RequestFaults requestFaults;
    private final Router router;

    SsmSimulator(SsmSimulatorBuilder builder) throws IOException {
        this.estate = builder.estate;
        this.authority = builder.authority();
        this.certificate = builder.certificate(authority);
        this.tokens = new IssuedTokens(builder.clock, builder.tokenLifetime);
        this.tokenEndpoint = new SimulatedTokenEndpoint(tokens, requests, builder.wrongGrant, builder.sendsExpiresIn);
        builder.clients.forEach(tokenEndpoint::register);
        builder.users.forEach(tokenEndpoint::register);
        this.syslog = builder.syslog();
        this.server = new FaultyServer(
                new FaultyServer.TlsEndpoint(
                        builder.host, builder.address, builder.port, builder.controlPort, authority, certificate),
                faults -> {
                    if (syslog != null) {
                        syslog.faults(faults);
                    }
                },
                this::answer);
        this.requestFaults = new RequestFaults(server.faults());
        this.router = new Router(
                tokenEndpoint,
                tokens,
                new LicenseEndpoints(estate, builder.maxPage),
                new CssmEndpoints(estate, reports, server.faults(), builder.clock),
                builder.guess);
        server.start();
        if (syslog != null) {
            syslog.started();
        }
    }

    public static SsmSimulatorBuilder builder() {
        return new SsmSimulatorBuilder();
    }

    /** The URL of the server, for example {@code https://localhost:40123}. */
    public URI url() {
        return server.url();
    }

    public int port() {
        return server.port();
    }

    public Estate estate() {
        return estate;
    }

    /** The CA that signed the server's certificate, unless the certificate is self-signed. */
    public CertificateAuthority authority() {
        return authority;
    }

    public ServerCertificate certificate() {
        return certificate;
    }

    /** The accepted usage reports, and the settings of their acknowledgement. */
    public ReceivedReports reports() {
        return reports;
    }

    /** The faults of this server. They can be set at any time. */
    public Faults faults() {
        return server.faults();
    }

    /** The URL that sets faults over plain HTTP, even while nothing listens on the server's own port. */
    public URI control() {
        return server.control();
    }

    public RequestLog requests() {
        return requests;
    }

    /** The number of connections that clients have opened since the start. */
    public long connections() {
        return server.connections();
    }

    /** Adds a client, or replaces the client with this id, for example with a new secret or another grant. Issued tokens stay valid. */
    public SsmSimulator client(ApiClient client) {
        tokenEndpoint.register(client);
        return this;
    }

    /** Adds a user, or changes the password of a user. */
    public SsmSimulator user(String name, String password) {
        tokenEndpoint.register(name, password);
        return this;
    }

    /** Revokes all tokens that were issued so far. */
    public SsmSimulator revokeTokens() {
        tokens.revokeAll();
        return this;
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (syslog != null) {
            syslog.close();
        }
    }

    private void answer(Call call, ClientConnection connection) throws IOException, InterruptedException {
        requests.record(call);
        if (syslog != null) {
            call.onAnswer(syslog::answered);
        }
        try {
            call.with("Server", "nginx");
            if (!requestFaults.answer(call, RequestSubject.of(call), connection)) {
                router.answer(call);
            }
        } finally {
            call.end();
        }
    }
}
