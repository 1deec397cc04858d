package io.licenserelay.simulator.ssm;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.syslog.SyslogWriter;
import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds an {@link SsmSimulator}. All settings have defaults: an empty estate, no API client, a new CA. */
public final class SsmSimulatorBuilder {
    Estate estate = Estate.of();
    String host = "localhost";
    InetAddress address = InetAddress.getLoopbackAddress();
    int port;
    int controlPort;
    Clock clock = Clock.systemUTC();
    Duration tokenLifetime = Duration.ofHours(2);
    boolean tellsLifetime = true;
    WrongGrant wrongGrant = WrongGrant.UNAUTHORIZED_CLIENT_400;
    int maxPage;
    boolean guess;
    final List<ApiClient> clients = new ArrayList<>();
    final Map<String, String> users = new HashMap<>();
    private long logSize = 8 << 20;
    private @Nullable Path logs;
    private @Nullable InetSocketAddress syslogTo;
    private @Nullable CertificateAuthority authority;
    private @Nullable ServerCertificate certificate;

    SsmSimulatorBuilder() {}

    public SsmSimulatorBuilder estate(Estate served) {
        estate = served;
        return this;
    }

    /** The name in its URL and certificate; it must resolve to where it listens. {@code localhost} by default. */
    public SsmSimulatorBuilder host(String name) {
        host = name;
        return this;
    }

    /** Listens on this address of the machine instead of loopback. */
    public SsmSimulatorBuilder address(InetAddress own) {
        address = own;
        return this;
    }

    /**
     * Where it listens.
     *
     * @param fixed 0, the default, takes a free one
     */
    public SsmSimulatorBuilder port(int fixed) {
        port = fixed;
        return this;
    }

    /**
     * Where faults are switched over plain HTTP, see {@link SsmSimulator#control()}.
     *
     * @param fixed 0, the default, takes a free one
     */
    public SsmSimulatorBuilder controlPort(int fixed) {
        controlPort = fixed;
        return this;
    }

    /** The CA that signs its certificate, to share one among servers. */
    public SsmSimulatorBuilder authority(CertificateAuthority shared) {
        authority = shared;
        return this;
    }

    /** The certificate to show instead of a fresh one for the host name and 127.0.0.1. */
    public SsmSimulatorBuilder certificate(ServerCertificate shown) {
        certificate = shown;
        return this;
    }

    public SsmSimulatorBuilder client(ApiClient client) {
        clients.add(client);
        return this;
    }

    public SsmSimulatorBuilder client(String id, String secret, Grant... grants) {
        return client(ApiClient.of(id, secret, grants));
    }

    public SsmSimulatorBuilder user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** Two hours by default, as Doorkeeper has it. */
    public SsmSimulatorBuilder tokenLifetime(Duration lifetime) {
        tokenLifetime = lifetime;
        return this;
    }

    /** Leaves {@code expires_in} out of token answers. */
    public SsmSimulatorBuilder withoutExpiresIn() {
        tellsLifetime = false;
        return this;
    }

    public SsmSimulatorBuilder wrongGrant(WrongGrant dialect) {
        wrongGrant = dialect;
        return this;
    }

    /** Pages its rows, so many at most at once. Without this all rows come in one body, whatever {@code limit} says. */
    public SsmSimulatorBuilder maxPage(int rows) {
        maxPage = rows;
        return this;
    }

    /**
     * Answers usage reports under {@code /api/v2} too, as if SSM On-Prem spoke like the cloud. No public source says that it
     * does, so these answers carry {@code X-License-Relay-Guess: unconfirmed}.
     */
    public SsmSimulatorBuilder guess(boolean on) {
        guess = on;
        return this;
    }

    /** Decides when tokens expire. */
    public SsmSimulatorBuilder clock(Clock used) {
        clock = used;
        return this;
    }

    /** Writes {@code messages} into this folder as SSM's host does, at most twice 8 MiB. */
    public SsmSimulatorBuilder logs(Path folder) {
        logs = folder;
        return this;
    }

    /** Sends the lines of its log there as syslog over UDP, as SSM's host does when it is told to. */
    public SsmSimulatorBuilder syslog(InetSocketAddress receiver) {
        syslogTo = receiver;
        return this;
    }

    /**
     * How large the log may grow.
     *
     * @param bytes at which {@code messages} becomes {@code messages.1}; 8 MiB by default
     */
    public SsmSimulatorBuilder logSize(long bytes) {
        logSize = bytes;
        return this;
    }

    /**
     * Starts it.
     *
     * @throws IOException when the port is taken
     */
    public SsmSimulator start() throws IOException {
        return new SsmSimulator(this);
    }

    /** Null when no log is wanted. */
    @Nullable
    SyslogWriter syslog() throws IOException {
        return logs == null && syslogTo == null ? null : new SyslogWriter(logs, logSize, syslogTo, Clock.systemUTC());
    }

    CertificateAuthority authority() {
        return authority == null ? CertificateAuthority.create("License Relay Demo CA") : authority;
    }

    ServerCertificate certificate(CertificateAuthority issuer) {
        return certificate == null ? issuer.server(host, "127.0.0.1").issue() : certificate;
    }
}
