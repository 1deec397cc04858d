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

/** What watching the Managers of all sites takes, put together. */
final class ManagerModule implements AutoCloseable {
    private final Map<String, Watched> bySite = new LinkedHashMap<>();

    /** @throws IOException when a trust file cannot be read */
    ManagerModule(Collection<Site> sites, Database database, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        RejectedCredentials refusals = RejectedCredentials.keeping(database, clock);
        for (Site site : sites) {
            SdwanManager manager = site.manager();
            if (manager != null) {
                ManagerInspection eye = new ManagerInspection(site, database, http, redactor, clock);
                ManagerClientProbe client = new ManagerClientProbe(site, refusals, http, redactor, clock);
                bySite.put(site.name(), new Watched(site, manager, eye, client));
            }
        }
    }

    /** Of every server there is: a misspelled name may have meant one of them. */
    static List<String> hosts(Collection<Site> sites) {
        return sites.stream().map(site -> site.ssm().url().getHost()).distinct().toList();
    }

    /** Those that have one, by the name of their site. */
    Map<String, Watched> bySite() {
        return bySite;
    }

    /** Asks them to sync. */
    ManagerSyncClient syncCalls(Database database, Clock clock) {
        Map<String, ManagerInspection> eyes = new LinkedHashMap<>();
        bySite.forEach((site, watched) -> eyes.put(site, watched.inspection()));
        return new ManagerSyncClient(eyes, database, clock);
    }

    /** For the evidence of a failed pull; skipped where there is no Manager. */
    ManagerProbe probe(String site) {
        Watched watched = bySite.get(site);
        return new ManagerProbe(watched == null ? null : watched.inspection());
    }

    /** They ask SSM as the Manager's own client; by the name of their site. */
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
