package io.licenserelay.app;

import io.licenserelay.config.site.Site;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.SsmBreakers;
import io.licenserelay.ssm.SsmComponent;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.main.Main;

/** What syncing with the SSM of every site takes, put together. */
final class SsmModule implements AutoCloseable {
    private final Collection<Site> sites;
    private final SsmServers servers;

    /** @throws IOException when a trust file cannot be read */
    SsmModule(Collection<Site> sites, Database database, Redactor redactor, Clock clock) throws IOException {
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
        }
        main.bind("ssm", new SsmComponent(servers));
        main.bind("ssmServers", servers);
        main.bind("ssmBreakers", new SsmBreakers(servers));
    }

    SsmServers servers() {
        return servers;
    }

    @Override
    public void close() throws IOException {
        servers.close();
    }
}
