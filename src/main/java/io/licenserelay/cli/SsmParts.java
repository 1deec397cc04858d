package io.licenserelay.cli;

import io.licenserelay.evidence.Collector;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.capture.CaptureProbe;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.evidence.probes.DnsProbe;
import io.licenserelay.evidence.probes.HttpProbe;
import io.licenserelay.evidence.probes.NtpProbe;
import io.licenserelay.evidence.probes.PingProbe;
import io.licenserelay.evidence.probes.TcpProbe;
import io.licenserelay.evidence.probes.TlsProbe;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Site;
import io.licenserelay.ssm.SsmBreakers;
import io.licenserelay.ssm.SsmComponent;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.store.Database;
import io.licenserelay.sync.Baselines;
import io.licenserelay.sync.SsmStateProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/** What syncing with the SSM of every site takes, and looking into its failures, put together. */
final class SsmParts implements AutoCloseable {
    private final Collection<Site> sites;
    private final SsmServers servers;
    private final Map<String, Collector> collectors = new LinkedHashMap<>();

    /**
     * @param evidence the folder where captures are kept
     * @throws IOException when a trust file cannot be read
     */
    SsmParts(
            Collection<Site> sites,
            ManagerParts managers,
            Path evidence,
            Database database,
            Redactor redactor,
            Clock clock)
            throws IOException {
        this.sites = sites;
        Map<String, SsmServer> bySite = new LinkedHashMap<>();
        for (Site site : sites) {
            SsmServer server = new SsmServer(site, database, redactor, clock);
            bySite.put(site.name(), server);
            List<Probe> more = new ArrayList<>(List.of(managers.probe(site.name())));
            if (site.probing().capture() != null) {
                more.add(new CaptureProbe(evidence.resolve("captures"), "tcpdump", clock));
            }
            collectors.put(site.name(), collector(server, sites, database, more, clock));
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

    /** By the name of their site. */
    Map<String, Collector> collectors() {
        return collectors;
    }

    /**
     * Every probe that looks at SSM, and more.
     *
     * @param database what a relay kept; null when there is none
     */
    static Collector collector(
            SsmServer server, Collection<Site> sites, @Nullable Database database, List<Probe> more, Clock clock) {
        List<Probe> probes = new ArrayList<>(List.of(
                new DnsProbe(ManagerParts.hosts(sites)),
                new TcpProbe(),
                new TlsProbe(clock),
                new HttpProbe(clock),
                server.oauthProbe(
                        site -> database == null ? Optional.empty() : Baselines.lastGoodWithPassword(database, site)),
                new NtpProbe(clock),
                new PingProbe(),
                new SsmStateProbe(database, clock)));
        probes.addAll(more);
        return new Collector(probes, new LogReader());
    }

    @Override
    public void close() throws IOException {
        collectors.values().forEach(Collector::close);
        servers.close();
    }
}
