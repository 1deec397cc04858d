package io.licenserelay.ssm;

import io.licenserelay.config.site.Site;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.ssm.token.TokenListener;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The SSM of every site, by the site's name. Thread-safe. */
public final class SsmServers implements AutoCloseable {
    private final Map<String, SsmServer> bySite = new ConcurrentHashMap<>();
    private final RejectedCredentials refusals;
    private final HttpSender http;
    private final Redactor redactor;
    private final Clock clock;
    private volatile TokenListener listener = TokenListener.NONE;
    private volatile boolean stopping;

    /** Without a site. */
    public SsmServers(RejectedCredentials refusals, HttpSender http, Redactor redactor, Clock clock) {
        this.refusals = refusals;
        this.http = http;
        this.redactor = redactor;
        this.clock = clock;
    }

    /** Reports the token requests of the sites that are added from now on. */
    public void listen(TokenListener tokens) {
        listener = tokens;
    }

    /**
     * The SSM of each of the sites.
     *
     * @throws IOException when a trust file cannot be read
     */
    public static SsmServers of(
            Collection<Site> sites, RejectedCredentials refusals, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        SsmServers servers = new SsmServers(refusals, http, redactor, clock);
        for (Site site : sites) {
            servers.add(site);
        }
        return servers;
    }

    /**
     * Adds the SSM of a site, which must not have one. It knows no token and no failed request.
     *
     * @throws IOException when a trust file cannot be read
     */
    public void add(Site site) throws IOException {
        SsmServer server = new SsmServer(site, refusals, http, redactor, listener, clock);
        bySite.put(site.name(), server);
        if (stopping) {
            server.stop();
        }
    }

    /** Removes and closes the SSM of a site, if there is one. No request to it may be in progress. */
    public void remove(String site) throws IOException {
        SsmServer server = bySite.remove(site);
        if (server != null) {
            server.close();
        }
    }

    public Collection<SsmServer> all() {
        return bySite.values();
    }

    /**
     * Begins a run of the site.
     *
     * @param byOperator an operator requested the run, so that even a refused password may be tried once
     */
    public void begin(String site, boolean byOperator) {
        of(site).begin(byOperator);
    }

    /** Ends a run of the site: releases its memory and closes its idle connections. */
    public void end(String site) {
        of(site).end();
        of(site).closeIdle();
    }

    /**
     * Stops the relay's requests: requests in progress continue, and no further request is sent, so that a long list does not delay the
     * stop.
     */
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

    /** Sets the SSM of the site as the request's target. */
    public HttpCall address(HttpCall call) {
        return call.to(of(call.site().name()));
    }

    /** @throws IllegalArgumentException when there is no site with this name */
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
