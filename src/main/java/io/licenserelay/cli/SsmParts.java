package io.licenserelay.cli;

import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Site;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.store.Database;
import io.licenserelay.threads.WorkerThreads;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.camel.main.Main;

/** What syncing with the SSM of every site takes, put together. */
final class SsmParts implements AutoCloseable {
    private final Collection<Site> sites;
    private final SsmServers servers;
    private final List<ExecutorService> pools = new ArrayList<>();

    /** @throws IOException when a trust file cannot be read */
    SsmParts(Collection<Site> sites, Database database, Redactor redactor, Clock clock) throws IOException {
        this.sites = sites;
        Map<String, SsmServer> bySite = new LinkedHashMap<>();
        for (Site site : sites) {
            bySite.put(site.name(), new SsmServer(site, database, redactor, clock));
        }
        this.servers = new SsmServers(bySite);
    }

    /** Gives the routes what carries their requests. */
    void bind(Main main) {
        for (Site site : sites) {
            SsmServer server = servers.of(site.name());
            main.bind(server.scheme(), server.component());
            main.bind("breaker-" + site.name(), server.breaker());
            ExecutorService pool = WorkerThreads.limited("virtual account of " + site.name(), site.parallel());
            pools.add(pool);
            main.bind("virtual-accounts-" + site.name(), pool);
        }
    }

    SsmServers servers() {
        return servers;
    }

    @Override
    public void close() throws IOException {
        pools.forEach(ExecutorService::shutdownNow);
        servers.close();
    }
}
