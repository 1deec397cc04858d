package io.licenserelay.app;

import io.licenserelay.config.site.Site;
import io.licenserelay.http.HttpSender;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import org.apache.camel.main.Main;

/** Builds the SSM clients of all sites. */
final class SsmModule implements AutoCloseable {
    private final SsmServers servers;

    /** @throws IOException if a trust file cannot be read */
    SsmModule(Collection<Site> sites, Database database, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        this.servers = SsmServers.of(sites, RejectedCredentials.keeping(database, clock), http, redactor, clock);
    }

    /** Binds the SSM clients for the routes. */
    void bind(Main main) {
        main.bind("ssmServers", servers);
    }

    SsmServers servers() {
        return servers;
    }

    @Override
    public void close() throws IOException {
        servers.close();
    }
}
