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
 * A simulated IOS-XE device over TLS on loopback. Its {@code /smartlic-service} follows public sources: Basic
 * authentication, usage reports as a list or as a single object, the closing of open reports, and the import of
 * acknowledgements. Everything can be changed while it runs. It has the faults of {@link SsmSimulator}, with the
 * resources {@code list}, {@code all-reports}, {@code days}, {@code close-reports} and {@code import}. Safe for use by
 * many threads.
 */
public final class DeviceSimulator implements AutoCloseable {
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final List<String> closed = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private final List<byte[]> imported = new ArrayList<>();
    private final RequestLog requests = new RequestLog();
    private final DeviceEndpoints endpoints = new DeviceEndpoints(this);
    private final ConcurrencyMeter concurrency;
    private final FaultyServer server;
    private final RequestFaults requestFaults;
    private volatile boolean singleAsObject;

    private DeviceSimulator(CertificateAuthority authority, ConcurrencyMeter concurrency) throws IOException {
        this.concurrency = concurrency;
        this.server = new FaultyServer(FaultyServer.TlsEndpoint.onLoopback(authority), faults -> {}, this::answer);
        this.requestFaults = new RequestFaults(server.faults());
        server.start();
    }

    /** Starts a device with a certificate of this CA, and without users and reports. */
    public static DeviceSimulator start(CertificateAuthority authority) throws IOException {
        return start(authority, new ConcurrencyMeter());
    }

    /** @param concurrency counts the concurrent requests of all devices that share it */
    public static DeviceSimulator start(CertificateAuthority authority, ConcurrencyMeter concurrency)
            throws IOException {
        return new DeviceSimulator(authority, concurrency);
    }

    /** The URL of the device. */
    public URI url() {
        return server.url();
    }

    public Faults faults() {
        return server.faults();
    }

    public RequestLog requests() {
        return requests;
    }

    /** Adds a user, or changes the password of a user. */
    public DeviceSimulator user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** Replaces the closed reports. Each argument is the JSON object of one report. */
    public synchronized DeviceSimulator reports(String... reports) {
        closed.clear();
        closed.addAll(Arrays.asList(reports));
        return this;
    }

    /** Adds an open report. The device answers it only after it is closed. */
    public synchronized DeviceSimulator openReport(String report) {
        open.add(report);
        return this;
    }

    /** Answers a single report as an object instead of a list, as in Cisco's model of {@code days/n}. */
    public DeviceSimulator singleAsObject() {
        singleAsObject = true;
        return this;
    }

    /** The imported acknowledgements, byte for byte, oldest first. */
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

    synchronized void importAck(byte[] content) {
        imported.add(content.clone());
    }

    boolean answersSingleObject() {
        return singleAsObject;
    }

    boolean authenticate(@Nullable String user, @Nullable String password) {
        boolean known = user != null && password != null && password.equals(users.get(user));
        requests.passwordAttempt(known);
        return known;
    }

    private void answer(Call call, ClientConnection connection) throws IOException, InterruptedException {
        requests.record(call);
        concurrency.begin();
        try {
            if (!requestFaults.answer(call, DeviceEndpoints.subject(call), connection)) {
                endpoints.answer(call);
            }
        } finally {
            concurrency.end();
        }
    }
}
