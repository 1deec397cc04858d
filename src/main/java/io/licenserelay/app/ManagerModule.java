package io.licenserelay.app;

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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds everything that monitors the Managers of all sites. */
final class ManagerModule implements AutoCloseable {
    private final Map<String, Watched> bySite = new LinkedHashMap<>();

    /** @throws IOException if a trust file cannot be read */
    ManagerModule(Collection<Site> sites, Database database, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        RejectedCredentials refusals = RejectedCredentials.keeping(database, clock);
        for (Site site : sites) {
            SdwanManager manager = site.manager();
            if (manager != null) {
                ManagerInspection inspection = new ManagerInspection(site, database, http, redactor, clock);
                ManagerClientProbe client = new ManagerClientProbe(site, refusals, http, redactor, clock);
                bySite.put(site.name(), new Watched(site, manager, inspection, client));
            }
        }
    }

    /** The SSM hosts of all sites, to suggest a correction for a misspelled name. */
    static List<String> hosts(Collection<Site> sites) {
        return sites.stream().map(site -> site.ssm().url().getHost()).distinct().toList();
    }

    /** The Managers by site name. */
    Map<String, Watched> bySite() {
        return bySite;
    }

    /** The client that requests syncs of the Managers. */
    ManagerSyncClient syncCalls(Database database, Clock clock) {
        Map<String, ManagerInspection> inspections = new LinkedHashMap<>();
        bySite.forEach((site, watched) -> inspections.put(site, watched.inspection()));
        return new ManagerSyncClient(inspections, database, clock);
    }

    /** The probe for the evidence of a failed pull. It is skipped if the site has no Manager. */
    ManagerProbe probe(String site) {
        Watched watched = bySite.get(site);
        return new ManagerProbe(watched == null ? null : watched.inspection());
    }

    /** The probes that test SSM with the Manager's own client, by site name. */
    Map<String, Probe> clientProbes() {
        Map<String, Probe> probes = new LinkedHashMap<>();
        bySite.forEach((site, watched) -> probes.put(site, watched.client()));
        return probes;
    }

    @Override
    public void close() throws IOException {
        for (Watched watched : bySite.values()) {
            watched.inspection().close();
            watched.client().close();
        }
    }
}
