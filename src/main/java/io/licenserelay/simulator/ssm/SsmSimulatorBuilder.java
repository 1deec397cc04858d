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
    boolean sendsExpiresIn = true;
    WrongGrant wrongGrant = WrongGrant.UNAUTHORIZED_CLIENT_400;
    int maxPage;
    boolean guess;
    final List<ApiClient> clients = new ArrayList<>();
    final Map<String, String> users = new HashMap<>();
    private long logSize = 8 << 20;
    private @Nullable Path logs;
    private @Nullable InetSocketAddress syslogReceiver;
    private @Nullable CertificateAuthority authority;
    private @Nullable ServerCertificate certificate;

    SsmSimulatorBuilder() {}

    public SsmSimulatorBuilder estate(Estate other) {
        estate = other;
        return this;
    }

    /**
     * The host name in the URL and in the certificate; {@code localhost} by default. It must resolve to the address on
     * which the server listens.
     */
    public SsmSimulatorBuilder host(String name) {
        host = name;
        return this;
    }

    /** Listens on this address of the machine instead of loopback. */
    public SsmSimulatorBuilder address(InetAddress other) {
        address = other;
        return this;
    }

    /**
     * The port of the API.
     *
     * @param number 0, the default, means any free port
     */
    public SsmSimulatorBuilder port(int number) {
        port = number;
        return this;
    }

    /**
     * The port that sets faults over plain HTTP, see {@link SsmSimulator#control()}.
     *
     * @param number 0, the default, means any free port
     */
    public SsmSimulatorBuilder controlPort(int number) {
        controlPort = number;
        return this;
    }

    /** The CA that signs the server's certificate. Several servers can share it. */
    public SsmSimulatorBuilder authority(CertificateAuthority shared) {
        authority = shared;
        return this;
    }

    /** The certificate to present instead of a new one for the host name and 127.0.0.1. */
    public SsmSimulatorBuilder certificate(ServerCertificate presented) {
        certificate = presented;
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

    /** The lifetime of tokens; two hours by default, as in Doorkeeper. */
    public SsmSimulatorBuilder tokenLifetime(Duration lifetime) {
        tokenLifetime = lifetime;
        return this;
    }

    /** Omits {@code expires_in} from token answers. */
    public SsmSimulatorBuilder withoutExpiresIn() {
        sendsExpiresIn = false;
        return this;
    }

    public SsmSimulatorBuilder wrongGrant(WrongGrant dialect) {
        wrongGrant = dialect;
        return this;
    }

    /** Splits lists into pages of this many rows at most. By default all rows are in one body, and {@code limit} is ignored. */
    public SsmSimulatorBuilder maxPage(int rows) {
        maxPage = rows;
        return this;
    }

    /**
     * Also accepts usage reports under {@code /api/v2}, as if SSM On-Prem had the interface of CSSM. No public source
     * confirms that it has, so these answers have the header {@code X-License-Relay-Guess: unconfirmed}.
     */
    public SsmSimulatorBuilder guess(boolean on) {
        guess = on;
        return this;
    }

    /** The clock that determines when tokens expire. */
    public SsmSimulatorBuilder clock(Clock other) {
        clock = other;
        return this;
    }

    /** Writes {@code messages} into this folder as the host of SSM does. The two files have at most 8 MiB each. */
    public SsmSimulatorBuilder logs(Path folder) {
        logs = folder;
        return this;
    }

    /** Sends the lines of the log to this receiver as syslog over UDP, as the host of SSM can be configured to do. */
    public SsmSimulatorBuilder syslog(InetSocketAddress receiver) {
        syslogReceiver = receiver;
        return this;
    }

    /**
     * The maximum size of a log file.
     *
     * @param bytes the size at which {@code messages} is renamed to {@code messages.1}; 8 MiB by default
     */
    public SsmSimulatorBuilder logSize(long bytes) {
        logSize = bytes;
        return this;
    }

    /**
     * Starts the simulator.
     *
     * @throws IOException if a port is in use
     */
    public SsmSimulator start() throws IOException {
        return new SsmSimulator(this);
    }

    /** Returns null if no log is configured. */
    @Nullable
    SyslogWriter syslog() throws IOException {
        return logs == null && syslogReceiver == null
                ? null
                : new SyslogWriter(logs, logSize, syslogReceiver, Clock.systemUTC());
    }

    CertificateAuthority authority() {
        return authority == null ? CertificateAuthority.create("License Relay Demo CA") : authority;
    }

    ServerCertificate certificate(CertificateAuthority issuer) {
        return certificate == null ? issuer.server(host, "127.0.0.1").issue() : certificate;
    }
}
