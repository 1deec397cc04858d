package io.licenserelay.app.site;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.evidence.Probe;
import io.licenserelay.http.HttpSender;
import io.licenserelay.manager.state.ManagerClientProbe;
import io.licenserelay.manager.state.ManagerInspection;
import io.licenserelay.manager.state.ManagerProbe;
import io.licenserelay.manager.sync.ManagerSyncClient;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import io.licenserelay.sync.watch.ManagerWatch.Watched;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Builds everything that monitors the Managers of all sites. Thread-safe. */
public final class ManagerModule implements AutoCloseable {
    private final Map<String, Watched> bySite = new ConcurrentHashMap<>();
    private final RejectedCredentials refusals;
    private final Database database;
    private final HttpSender http;
    private final Redactor redactor;
    private final Clock clock;

    /** Without a site. */
    public ManagerModule(Database database, HttpSender http, Redactor redactor, Clock clock) {
        this.refusals = RejectedCredentials.keeping(database, clock);
        this.database = database;
        this.http = http;
        this.redactor = redactor;
        this.clock = clock;
    }

    /**
     * Adds the Manager of a site, if it has one.
     *
     * @throws IOException if a trust file cannot be read
     */
    void add(Site site) throws IOException {
        SdwanManager manager = site.manager();
        if (manager == null) {
            return;
        }
        ManagerInspection inspection = new ManagerInspection(site, database, http, redactor, clock);
        try {
            ManagerClientProbe client = new ManagerClientProbe(site, refusals, http, redactor, clock);
            bySite.put(site.name(), new Watched(site, manager, inspection, client));
        } catch (IOException | RuntimeException e) {
            inspection.close();
            throw e;
        }
    }

    /** Removes and closes what monitors the Manager of a site, if there is anything. No check of it may be in progress. */
    void remove(String site) throws IOException {
        Watched watched = bySite.remove(site);
        if (watched != null) {
            close(watched);
        }
    }

    /** The Managers by site name. The map changes with the sites. */
    public Map<String, Watched> bySite() {
        return bySite;
    }

    /** The client that requests syncs of the Managers. */
    public ManagerSyncClient syncCalls() {
        return new ManagerSyncClient(
                site -> Optional.ofNullable(bySite.get(site)).map(Watched::inspection), database, clock);
    }

    /** The probe for the evidence of a failed pull. It is skipped if the site has no Manager. */
    ManagerProbe probe(String site) {
        Watched watched = bySite.get(site);
        return new ManagerProbe(watched == null ? null : watched.inspection());
    }

    /** The probe that tests SSM with the Manager's own client; empty if the site has no Manager. */
    Optional<Probe> clientProbe(String site) {
        return Optional.ofNullable(bySite.get(site)).map(Watched::client);
    }

    @Override
    public void close() throws IOException {
        for (Watched watched : bySite.values()) {
            close(watched);
        }
    }

    private static void close(Watched watched) throws IOException {
        watched.inspection().close();
        watched.client().close();
    }
}
