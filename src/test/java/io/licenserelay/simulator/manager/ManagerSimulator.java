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
 * An SD-WAN Manager over TLS on loopback, as far as public sources show how one behaves around licensing: login by form, XSRF token, JWT
 * from 20.18.1 on, settings, compliance, its log, and a sync that really asks an SSM. Everything may be changed while it runs; faults
 * are those of {@link SsmSimulator}, with the resources {@code login}, {@code xsrf}, {@code version}, {@code settings},
 * {@code user-settings}, {@code old-user-settings}, {@code compliance}, {@code log}, {@code sync}, {@code old-sync}, {@code upload-ack} and
 * {@code logout}. Safe for use by many threads.
 */
public final class ManagerSimulator implements AutoCloseable {
    private static final String SYNCED = "sync complete";

    /** Between the answer to a request and the sync, in milliseconds. */
    private static final long MOMENT = 50;

    /** Whoever has another one may only read. */
    private static final Set<String> SYNCING_ROLES = Set.of("admin", "Software Upgrade-write");

    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Map<String, String> roles = new ConcurrentHashMap<>();
    private final List<ReceivedSync> receivedSyncs = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(task -> {
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

    private ManagerSimulator(Builder wishes, ManagerSettings settings) throws IOException {
        this.settings = settings;
        this.version = wishes.version;
        this.users.putAll(wishes.users);
        this.authority = wishes.authority;
        this.log = new SimulatedManagerLog(wishes.clock, wishes.zone, wishes.abbreviation);
        this.sync = new SimulatedManagerSync(wishes.ssmAuthority, log);
        this.server = new FaultyServer(FaultyServer.TlsEndpoint.onLoopback(authority), faults -> {}, this::answer);
        this.requestFaults = new RequestFaults(server.faults());
        server.start();
    }

    /** A Manager that syncs with this SSM, by its URL and CA. */
    public static Builder of(SsmSimulator ssm) {
        return new Builder(ssm);
    }

    /** Where it listens. */
    public URI url() {
        return server.url();
    }

    /** The CA that signed its certificate. */
    public CertificateAuthority authority() {
        return authority;
    }

    public Faults faults() {
        return server.faults();
    }

    public RequestLog requests() {
        return requests;
    }

    /** How many are logged in. */
    public int openSessions() {
        return sessions.count();
    }

    /** Every session is over; who comes with one meets the login page. */
    public ManagerSimulator expireSessions() {
        sessions.expireAll();
        return this;
    }

    /** So many may be logged in at once; 250 by default. */
    public ManagerSimulator atMostSessions(int most) {
        sessions.atMost(most);
        return this;
    }

    /** Adds a user, or changes a password. */
    public ManagerSimulator user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** {@code admin} unless told otherwise; that one and {@code Software Upgrade-write} may have it sync. */
    public ManagerSimulator role(String user, String role) {
        roles.put(user, role);
        return this;
    }

    public ManagerSimulator multipleEntitlement(boolean other) {
        multipleEntitlement = other;
        return this;
    }

    /** What it was asked by multipart bodies and took, oldest first. */
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

    /** The only reason that its compliance names from now on, until the next sync; empty for none. */
    public ManagerSimulator complianceReason(String reason) {
        complianceReason = reason;
        return this;
    }

    /** Writes such a line into its log, with stamp and all. */
    public ManagerSimulator logs(String line) {
        log.raw(line);
        return this;
    }

    /** Writes so many lines that have nothing to do with licenses. */
    public ManagerSimulator chatters(int lines) {
        for (int i = 0; i < lines; i++) {
            log.info("DeviceStatsCollector", i, "statistics of cycle " + i + " were stored");
        }
        return this;
    }

    /**
     * Its own sync, as its schedule or somebody in its interface starts it. Compliance says so when it was good; what it
     * says of a failed one is not public, so then it stays as it was.
     *
     * @return what went wrong; empty when nothing did
     */
    public String sync() throws InterruptedException {
        String wrong = sync.run(settings);
        if (wrong.isEmpty()) {
            complianceReason = SYNCED;
        }
        return wrong;
    }

    @Override
    public void close() throws IOException {
        later.shutdownNow();
        server.close();
    }

    /** Who asks it to sync is answered before it does. */
    void syncLater() {
        later.schedule(this::sync, MOMENT, TimeUnit.MILLISECONDS);
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

    /** The newest lines of its log, oldest first: what a shipper of logs would carry away. */
    public List<String> logLines(int most) {
        return log.last(most);
    }

    SimulatedManagerLog log() {
        return log;
    }

    boolean knows(@Nullable String user, @Nullable String password) {
        boolean known = user != null && password != null && password.equals(users.get(user));
        if (password != null) {
            requests.passwordAttempt(known);
        }
        return known;
    }

    /** From 20.18.1 on. */
    boolean takesJwt() {
        return release() >= 2018;
    }

    /** In published interfaces of about 20.9 to 20.11. */
    boolean takesAcks() {
        return release() >= 2009 && release() < 2012;
    }

    /** 2012 of 20.12.3. */
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

    /** The wishes for one: version 20.12.3, nobody may log in, settings that fit the SSM but its client. */
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

        /** Somebody who may log in to the Manager. */
        public Builder user(String name, String password) {
            users.put(name, password);
            return this;
        }

        /** The Manager's own client and user at SSM. */
        public Builder ssmClient(String id, String secret, String user, String password) {
            settings = settings.client(id, secret).user(user, password);
            return this;
        }

        public Builder version(String reported) {
            version = reported;
            return this;
        }

        /** Stamps its log. */
        public Builder clock(Clock used) {
            clock = used;
            return this;
        }

        /** The zone of its log's stamps, and how they call it; UTC by default. */
        public Builder zone(ZoneId used, String called) {
            zone = used;
            abbreviation = called;
            return this;
        }

        /** The CA of its certificate; that of the SSM by default. */
        public Builder authority(CertificateAuthority other) {
            authority = other;
            return this;
        }

        public ManagerSimulator start() throws IOException {
            return new ManagerSimulator(this, settings);
        }
    }
}
