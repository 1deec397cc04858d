package io.licenserelay.simulator.device;

import io.licenserelay.simulator.fault.Faults;
import io.licenserelay.simulator.fault.FaultyServer;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.ClientConnection;
import io.licenserelay.simulator.http.ConcurrencyMeter;
import io.licenserelay.simulator.http.RequestLog;
import io.licenserelay.simulator.ssm.RequestFaults;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.tls.CertificateAuthority;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An IOS-XE device over TLS on loopback, as far as public sources show its {@code /smartlic-service}: Basic authentication, its usage
 * reports as a list or as a single object, closing of those that are open, import of acknowledgements. Everything may be changed
 * while it runs; faults are those of {@link SsmSimulator}, with the resources {@code list}, {@code all-reports}, {@code days},
 * {@code close-reports} and {@code import}. Safe for use by many threads.
 */
public final class DeviceSimulator implements AutoCloseable {
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final List<String> closed = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private final List<byte[]> imported = new ArrayList<>();
    private final RequestLog requests = new RequestLog();
    private final DeviceEndpoints endpoints = new DeviceEndpoints(this);
    private final ConcurrencyMeter atOnce;
    private final FaultyServer server;
    private final RequestFaults requestFaults;
    private volatile boolean single;

    private DeviceSimulator(CertificateAuthority authority, ConcurrencyMeter atOnce) throws IOException {
        this.atOnce = atOnce;
        this.server = new FaultyServer(FaultyServer.TlsEndpoint.onLoopback(authority), faults -> {}, this::answer);
        this.requestFaults = new RequestFaults(server.faults());
        server.start();
    }

    /** A device whose certificate this CA signed; nobody may log in, and it has no report. */
    public static DeviceSimulator start(CertificateAuthority authority) throws IOException {
        return start(authority, new ConcurrencyMeter());
    }

    /** @param atOnce counts what is asked of it and of others at once */
    public static DeviceSimulator start(CertificateAuthority authority, ConcurrencyMeter atOnce) throws IOException {
        return new DeviceSimulator(authority, atOnce);
    }

    /** Where it listens. */
    public URI url() {
        return server.url();
    }

    public Faults faults() {
        return server.faults();
    }

    public RequestLog requests() {
        return requests;
    }

    /** Adds a user, or changes a password. */
    public DeviceSimulator user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** Has these closed reports from now on, each the JSON object of one. */
    public synchronized DeviceSimulator reports(String... reports) {
        closed.clear();
        closed.addAll(Arrays.asList(reports));
        return this;
    }

    /** A report that is given to nobody before it is closed. */
    public synchronized DeviceSimulator openReport(String report) {
        open.add(report);
        return this;
    }

    /** Gives its only report as an object instead of a list, as Cisco's model of {@code days/n} has it. */
    public DeviceSimulator singleAsObject() {
        single = true;
        return this;
    }

    /** What it was given to import, byte for byte, in the order in which it came. */
    public synchronized List<byte[]> imported() {
        return List.copyOf(imported);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    synchronized List<String> closedReports() {
        return List.copyOf(closed);
    }

    synchronized void closeAll() {
        closed.addAll(open);
        open.clear();
    }

    synchronized void take(byte[] content) {
        imported.add(content.clone());
    }

    boolean givesObject() {
        return single;
    }

    boolean knows(@Nullable String user, @Nullable String password) {
        boolean known = user != null && password != null && password.equals(users.get(user));
        requests.passwordAttempt(known);
        return known;
    }

    private void answer(Call call, ClientConnection connection) throws IOException, InterruptedException {
        requests.record(call);
        atOnce.begin();
        try {
            if (!requestFaults.answer(call, DeviceEndpoints.subject(call), connection)) {
                endpoints.answer(call);
            }
        } finally {
            atOnce.end();
        }
    }
}
