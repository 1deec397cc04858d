package io.licenserelay.app;

import io.licenserelay.app.route.EvidenceContext;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.capture.CaptureProbe;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import io.licenserelay.evidence.collect.ResultsInTime;
import io.licenserelay.evidence.collect.SiteProbe;
import io.licenserelay.evidence.logs.LogPattern;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.evidence.probes.HttpProbe;
import io.licenserelay.evidence.probes.NtpProbe;
import io.licenserelay.evidence.probes.PingProbe;
import io.licenserelay.evidence.probes.TcpProbe;
import io.licenserelay.evidence.probes.dns.DnsProbe;
import io.licenserelay.evidence.probes.tls.TlsProbe;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.store.Database;
import io.licenserelay.sync.watch.BaselineStore;
import io.licenserelay.sync.watch.SsmStateProbe;
import io.licenserelay.threads.WorkerThreads;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/** Builds everything that collects evidence: the probes, the log reader, and their threads. */
public final class EvidenceModule implements EvidenceContext.Beans, AutoCloseable {
    /**
     * The largest number of probes and log tails of all sites in parallel: enough for about twenty failures. Others wait within their
     * deadline. Syncs use other threads, so many failures do not delay a sync.
     */
    private static final int MOST = 256;

    /** The largest number of probes and log tails of one site in parallel. */
    private static final int MOST_OF_SITE = 32;

    /** The interrupt comes this long after the deadline, so that a late probe is reported as late and not as interrupted. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private static final List<String> BELONG_TO_A_RUN =
            List.of("probe-manager", "probe-manager-client", "probe-capture");

    private final LogReader logReader;
    private final EvidenceRoutes routes;
    private final ExecutorService threads = WorkerThreads.limited("evidence", MOST);
    private final Map<String, ExecutorService> bySite = new LinkedHashMap<>();
    private final List<Probe> probes;

    /**
     * Everything that a run needs.
     *
     * @param captures the folder for captures
     * @param patterns to search for in logs
     */
    EvidenceModule(
            Collection<Site> sites,
            Function<String, SsmServer> servers,
            ManagerModule managers,
            Path captures,
            Database database,
            List<LogPattern> patterns,
            Clock clock) {
        this.logReader = new LogReader(patterns);
        this.routes = new EvidenceRoutes(logReader);
        Map<String, Probe> oauth = new LinkedHashMap<>();
        Map<String, Probe> manager = new LinkedHashMap<>();
        for (Site site : sites) {
            oauth.put(site.name(), oauthProbe(servers.apply(site.name()), database));
            manager.put(site.name(), managers.probe(site.name()));
        }
        sites.forEach(this::thread);
        this.probes = new ArrayList<>(probesOfSsm(sites, new SiteProbe("oauth", oauth), database, clock));
        probes.add(new SiteProbe("manager", manager));
        probes.add(new SiteProbe("manager-client", managers.clientProbes()));
        probes.add(new CaptureProbe(captures, "tcpdump", clock));
    }

    /**
     * For commands that check sites. Without the probes of the Manager and without captures, which only a run uses.
     *
     * @param sites the sites to check
     * @param servers by site name
     * @param all all configured sites
     * @param database the relay's database; null if there is none
     * @param patterns to search for in logs
     */
    public static EvidenceModule forChecks(
            Collection<Site> sites,
            Function<String, SsmServer> servers,
            Collection<Site> all,
            @Nullable Database database,
            List<LogPattern> patterns,
            Clock clock) {
        Map<String, Probe> oauth = new LinkedHashMap<>();
        sites.forEach(site -> oauth.put(site.name(), oauthProbe(servers.apply(site.name()), database)));
        return new EvidenceModule(sites, probesOfSsm(all, new SiteProbe("oauth", oauth), database, clock), patterns);
    }

    private EvidenceModule(Collection<Site> sites, List<Probe> probes, List<LogPattern> patterns) {
        this.logReader = new LogReader(patterns);
        this.routes = new EvidenceRoutes(logReader);
        this.probes = probes;
        sites.forEach(this::thread);
    }

    private void thread(Site site) {
        bySite.put(
                site.name(),
                WorkerThreads.limited(
                        site.name(), MOST_OF_SITE, site.probing().deadline().plus(GRACE), threads));
    }

    /** Binds the probes, each under a name such as {@code dnsProbe}, and the threads for the routes. */
    @Override
    public void bind(Main main) {
        probes.forEach(probe -> main.bind(bean(probe.name()), probe));
        main.bind("logReader", logReader);
        main.bind("resultsInTime", new ResultsInTime());
        bySite.forEach((site, executor) -> main.bind("evidence-threads-" + site, executor));
    }

    private static String bean(String probe) {
        StringBuilder name = new StringBuilder();
        for (String word : probe.split("-")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name + "Probe";
    }

    @Override
    public EvidenceRoutes routes() {
        return routes;
    }

    @Override
    public boolean serves(String route) {
        return BELONG_TO_A_RUN.stream().noneMatch(route::equals)
                || probes.stream().anyMatch(probe -> route.equals("probe-" + probe.name()));
    }

    private static List<Probe> probesOfSsm(
            Collection<Site> sites, Probe oauth, @Nullable Database database, Clock clock) {
        return List.of(
                new DnsProbe(ManagerModule.hosts(sites)),
                new TcpProbe(),
                new TlsProbe(clock),
                new HttpProbe(clock),
                oauth,
                new NtpProbe(clock),
                new PingProbe(),
                new SsmStateProbe(database, clock));
    }

    private static Probe oauthProbe(SsmServer server, @Nullable Database database) {
        return server.oauthProbe(
                site -> database == null ? Optional.empty() : BaselineStore.lastGoodWithPassword(database, site));
    }

    @Override
    public void close() {
        bySite.values().forEach(ExecutorService::shutdownNow);
        threads.shutdownNow();
    }
}
