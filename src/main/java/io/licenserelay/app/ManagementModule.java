package io.licenserelay.app;

import io.licenserelay.app.member.Membership;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.observe.Management;
import io.licenserelay.observe.RelayObserver;
import io.licenserelay.observe.health.BoundedReads;
import io.licenserelay.observe.health.ProcessHealth;
import io.licenserelay.observe.health.RelayHealth;
import io.licenserelay.observe.health.SiteHealth;
import io.licenserelay.observe.metrics.RelayMetrics;
import io.licenserelay.observe.server.ManagementServer;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Health and metrics of a relay that has a management address. */
final class ManagementModule implements Management {
    /** Less than the usual patience of a kubelet's probe (with a timeout of 3 s) and of a scrape. */
    private static final Duration STORE_LIMIT = Duration.ofSeconds(2);

    private final BoundedReads healthReads = new BoundedReads(STORE_LIMIT);
    private final BoundedReads metricReads = new BoundedReads(STORE_LIMIT);
    private final RelayHealth health;
    private final RelayMetrics metrics;
    private final ManagementServer server;

    private ManagementModule(ListenAddress address, Membership membership, Sites sites, Clock clock) {
        Database database = membership.database();
        this.health =
                new RelayHealth(new ProcessHealth(database, healthReads), new SiteHealth(database, sites), healthReads);
        this.metrics =
                new RelayMetrics(database, sites, () -> liveNodes(membership), metricReads, RelayVersion.text(), clock);
        this.server = new ManagementServer(address, health, metrics::scrape);
    }

    /** @param address null if the relay serves neither health nor metrics */
    static Management of(@Nullable ListenAddress address, Membership membership, Sites sites, Clock clock) {
        return address == null ? Management.OFF : new ManagementModule(address, membership, sites, clock);
    }

    private static int liveNodes(Membership membership) throws Exception {
        ClusterView cluster = membership.cluster().orElse(null);
        return cluster == null ? 1 : cluster.live().size();
    }

    @Override
    public RelayObserver observer() {
        return metrics.observer();
    }

    @Override
    public void begin() throws IOException {
        server.start();
    }

    @Override
    public void register(CamelContext context) {
        health.register(context);
        metrics.register(context);
    }

    @Override
    public void ready() {
        health.ready();
    }

    @Override
    public void close() {
        health.stopping();
        server.close();
        metrics.close();
        healthReads.close();
        metricReads.close();
    }
}
