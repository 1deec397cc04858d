package io.licenserelay.simulator.manager;

import io.licenserelay.simulator.fault.Faults;
import io.licenserelay.simulator.fault.FaultyServer;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.ClientConnection;
import io.licenserelay.simulator.http.RequestLog;
import io.licenserelay.simulator.ssm.RequestFaults;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.tls.CertificateAuthority;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A simulated SD-WAN Manager over TLS on loopback. It has the licensing behavior that public sources show: login by
 * form, XSRF token, JWT since 20.18.1, settings, compliance, its log, and a sync that sends requests to an SSM.
 * Everything can be changed while it runs. It has the faults of {@link SsmSimulator}, with the resources {@code login},
 * {@code xsrf}, {@code version}, {@code settings}, {@code user-settings}, {@code old-user-settings},
 * {@code compliance}, {@code log}, {@code sync}, {@code old-sync}, {@code upload-ack} and {@code logout}. Safe for use
 * by many threads.
 */
public final class ManagerSimulator implements AutoCloseable {
    private static final String SYNCED = "sync complete";

    /** The delay between the answer to a sync request and the sync, in milliseconds. */
    private static final long SYNC_DELAY = 50;

    /** Users with another role may only read. */
    private static final Set<String> SYNCING_ROLES = Set.of("admin", "Software Upgrade-write");

    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Map<String, String> roles = new ConcurrentHashMap<>();
    private final List<ReceivedSync> receivedSyncs = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService syncExecutor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "manager-sync");
        thread.setDaemon(true);
        return thread;
    });
    private final RequestLog requests = new RequestLog();
    private final ManagerSessions sessions = new ManagerSessions();
    private final ManagerEndpoints endpoints = new ManagerEndpoints(this);
    private final CertificateAuthority authority;
    private final FaultyServer server;
    private final RequestFaults requestFaults;
    private final SimulatedManagerLog log;
    private final SimulatedManagerSync sync;
    private volatile String version;
    private volatile ManagerSettings settings;
    private volatile String complianceReason = "";
    private volatile boolean multipleEntitlement;

    private ManagerSimulator(Builder builder, ManagerSettings settings) throws IOException {
        this.settings = settings;
        this.version = builder.version;
        this.users.putAll(builder.users);
        this.authority = builder.authority;
        this.log = new SimulatedManagerLog(builder.clock, builder.zone, builder.abbreviation);
        this.sync = new SimulatedManagerSync(builder.ssmAuthority, log);
        this.server = new FaultyServer(FaultyServer.TlsEndpoint.onLoopback(authority), faults -> {}, this::answer);
        this.requestFaults = new RequestFaults(server.faults());
        server.start();
    }

    /** Builds a Manager that syncs with this SSM, with its URL and CA. */
    public static Builder of(SsmSimulator ssm) {
        return new Builder(ssm);
    }

    /** The URL of the Manager. */
    public URI url() {
        return server.url();
    }

    /** The CA that signed the Manager's certificate. */
    public CertificateAuthority authority() {
        return authority;
    }

    public Faults faults() {
        return server.faults();
    }

    public RequestLog requests() {
        return requests;
    }

    /** The number of open sessions. */
    public int openSessions() {
        return sessions.count();
    }

    /** Ends all sessions. A request with an old session gets the login page. */
    public ManagerSimulator expireSessions() {
        sessions.expireAll();
        return this;
    }

    /** Limits the number of open sessions; 250 by default. */
    public ManagerSimulator atMostSessions(int limit) {
        sessions.atMost(limit);
        return this;
    }

    /** Adds a user, or changes the password of a user. */
    public ManagerSimulator user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** Sets the role of a user; {@code admin} by default. Only {@code admin} and {@code Software Upgrade-write} may request a sync. */
    public ManagerSimulator role(String user, String role) {
        roles.put(user, role);
        return this;
    }

    public ManagerSimulator multipleEntitlement(boolean enabled) {
        multipleEntitlement = enabled;
        return this;
    }

    /** The accepted requests with a multipart body, oldest first. */
    public List<ReceivedSync> receivedSyncs() {
        return List.copyOf(receivedSyncs);
    }

    public ManagerSimulator version(String other) {
        version = other;
        return this;
    }

    public String version() {
        return version;
    }

    public ManagerSettings settings() {
        return settings;
    }

    public ManagerSimulator settings(ManagerSettings other) {
        settings = other;
        return this;
    }

    /** Sets the only reason that the compliance answer contains until the next sync; empty for no reason. */
    public ManagerSimulator complianceReason(String reason) {
        complianceReason = reason;
        return this;
    }

    /** Writes this line unchanged into the Manager's log. */
    public ManagerSimulator logs(String line) {
        log.raw(line);
        return this;
    }

    /** Writes this many log lines that are unrelated to licenses. */
    public ManagerSimulator chatters(int lines) {
        for (int i = 0; i < lines; i++) {
            log.info("DeviceStatsCollector", i, "statistics of cycle " + i + " were stored");
        }
        return this;
    }

    /**
     * Runs the Manager's own sync, as its schedule or a user of its interface does. After a successful sync, the
     * compliance answer reports it. The answer after a failed sync is not public, so it stays unchanged then.
     *
     * @return the error; empty if the sync succeeded
     */
    public String sync() throws InterruptedException {
        String error = sync.run(settings);
        if (error.isEmpty()) {
            complianceReason = SYNCED;
        }
        return error;
    }

    @Override
    public void close() throws IOException {
        syncExecutor.shutdownNow();
        server.close();
    }

    /** Schedules a sync after the answer to the request. */
    void syncLater() {
        syncExecutor.schedule(this::sync, SYNC_DELAY, TimeUnit.MILLISECONDS);
    }

    void record(ReceivedSync request) {
        receivedSyncs.add(request);
    }

    boolean maySync(String user) {
        return SYNCING_ROLES.contains(roles.getOrDefault(user, "admin"));
    }

    boolean multipleEntitlement() {
        return multipleEntitlement;
    }

    String complianceReason() {
        return complianceReason;
    }

    ManagerSessions sessions() {
        return sessions;
    }

    /** Returns the newest lines of the Manager's log, oldest first, as a log shipper would send them. */
    public List<String> logLines(int count) {
        return log.last(count);
    }

    SimulatedManagerLog log() {
        return log;
    }

    boolean authenticate(@Nullable String user, @Nullable String password) {
        boolean known = user != null && password != null && password.equals(users.get(user));
        if (password != null) {
            requests.passwordAttempt(known);
        }
        return known;
    }

    /** True since 20.18.1. */
    boolean supportsJwt() {
        return release() >= 2018;
    }

    /** True for about 20.9 to 20.11, according to published interfaces. */
    boolean supportsAckUpload() {
        return release() >= 2009 && release() < 2012;
    }

    /** The first two parts of the version as one number, for example 2012 for 20.12.3. */
    private int release() {
        String[] parts = version.split("[^0-9]+", 4);
        return parts.length < 3 ? 0 : Integer.parseInt(parts[0]) * 100 + Integer.parseInt(parts[1]);
    }

    private void answer(Call call, ClientConnection connection) throws IOException, InterruptedException {
        requests.record(call);
        if (!requestFaults.answer(call, ManagerEndpoints.subject(call), connection)) {
            endpoints.answer(call);
        }
    }

    /** Builds a Manager. By default it has version 20.12.3 and no users, and its settings match the SSM except for the client. */
    public static final class Builder {
        private final Map<String, String> users = new ConcurrentHashMap<>();
        private final X509Certificate ssmAuthority;
        private ManagerSettings settings;
        private String version = "20.12.3";
        private Clock clock = Clock.systemUTC();
        private ZoneId zone = ZoneOffset.UTC;
        private String abbreviation = "UTC";
        private CertificateAuthority authority;

        private Builder(SsmSimulator ssm) {
            this.ssmAuthority = ssm.authority().certificate();
            this.authority = ssm.authority();
            this.settings = new ManagerSettings("on-prem", ssm.url(), "manager", "", "admin", "");
        }

        /** Adds a user who may log in to the Manager. */
        public Builder user(String name, String password) {
            users.put(name, password);
            return this;
        }

        /** Sets the Manager's own client and user for SSM. */
        public Builder ssmClient(String id, String secret, String user, String password) {
            settings = settings.client(id, secret).user(user, password);
            return this;
        }

        public Builder version(String reported) {
            version = reported;
            return this;
        }

        /** Sets the clock for the timestamps of the log. */
        public Builder clock(Clock other) {
            clock = other;
            return this;
        }

        /** Sets the zone of the log's timestamps, and the abbreviation that they contain; UTC by default. */
        public Builder zone(ZoneId other, String otherAbbreviation) {
            zone = other;
            abbreviation = otherAbbreviation;
            return this;
        }

        /** Sets the CA of the Manager's certificate; by default the CA of the SSM. */
        public Builder authority(CertificateAuthority other) {
            authority = other;
            return this;
        }

        public ManagerSimulator start() throws IOException {
            return new ManagerSimulator(this, settings);
        }
    }
}
