package io.licenserelay.ssm;

import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every site's SSM, by the site's name. Thread-safe. */
public final class SsmServers implements AutoCloseable {
    private final Map<String, SsmServer> bySite = new LinkedHashMap<>();
    private volatile boolean stopping;

    public SsmServers(Map<String, SsmServer> bySite) {
        this.bySite.putAll(bySite);
    }

    public Collection<SsmServer> all() {
        return bySite.values();
    }

    /**
     * A run of the site begins.
     *
     * @param byOperator an operator asked for it: then even a password that was refused before may be tried once
     */
    public void begin(String site, boolean byOperator) {
        of(site).begin(byOperator);
    }

    /** A run of the site is over: what it held is given back, and connections that nobody uses need not wait for the next one. */
    public void end(String site) {
        of(site).end();
        of(site).closeIdle();
    }

    /** The relay stops: requests under way go on, and no further one is sent, so that no list keeps it. */
    public void stop() {
        stopping = true;
        bySite.values().forEach(SsmServer::stop);
    }

    /** @throws RelayStopping when no further request may be sent */
    public void checkGoing() throws RelayStopping {
        if (stopping) {
            throw new RelayStopping();
        }
    }

    /** Addresses a request to the SSM of its site. */
    public HttpCall address(HttpCall call) {
        return call.to(of(call.site().name()));
    }

    /** @throws IllegalArgumentException when no site has the name */
    public SsmServer of(String site) {
        SsmServer server = bySite.get(site);
        if (server == null) {
            throw new IllegalArgumentException("no SSM for site " + site);
        }
        return server;
    }

    @Override
    public void close() throws IOException {
        for (SsmServer server : bySite.values()) {
            server.close();
        }
    }
}
