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
 * An SSM On-Prem server over TLS, on loopback unless wished otherwise, as far as public clients show how one behaves.
 * Its estate, clients and users may be changed while it runs. Safe for use by many threads.
 */
public final class SsmSimulator implements AutoCloseable {
    private final Estate estate;
    private final CertificateAuthority authority;
    private final ServerCertificate certificate;
    private final RequestLog requests = new RequestLog();
    private final IssuedTokens tokens;
    private final SimulatedTokenEndpoint tokenEndpoint;
    private final ReportDesk reports = new ReportDesk();
    private final @Nullable SyslogWriter syslog;
    private final FaultyServer server;
    private final RequestFaults requestFaults;
    private final Router router;

    SsmSimulator(SsmSimulatorBuilder wishes) throws IOException {
        this.estate = wishes.estate;
        this.authority = wishes.authority();
        this.certificate = wishes.certificate(authority);
        this.tokens = new IssuedTokens(wishes.clock, wishes.tokenLifetime);
        this.tokenEndpoint = new SimulatedTokenEndpoint(tokens, requests, wishes.wrongGrant, wishes.tellsLifetime);
        wishes.clients.forEach(tokenEndpoint::register);
        wishes.users.forEach(tokenEndpoint::register);
        this.syslog = wishes.syslog();
        this.server = new FaultyServer(
                new FaultyServer.TlsEndpoint(
                        wishes.host, wishes.address, wishes.port, wishes.controlPort, authority, certificate),
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
                new LicenseEndpoints(estate, wishes.maxPage),
                new CssmEndpoints(estate, reports, server.faults(), wishes.clock),
                wishes.guess);
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
        return server.url();
    }

    public int port() {
        return server.port();
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
        return server.faults();
    }

    /** Where faults can be switched over plain HTTP even while nothing listens on its own port. */
    public URI control() {
        return server.control();
    }

    public RequestLog requests() {
        return requests;
    }

    /** How many connections its clients have made since it started. */
    public long connections() {
        return server.connections();
    }

    /** Adds a client, or replaces the one with its id: regenerated secret, other grant. Tokens given out stay good. */
    public SsmSimulator client(ApiClient client) {
        tokenEndpoint.register(client);
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
