package io.licenserelay.app.site;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    private final @Nullable Database database;
    private final Function<String, SsmServer> servers;
    private final ExecutorService threads = WorkerThreads.limited("evidence", MOST);
    private final Map<String, ExecutorService> bySite = new ConcurrentHashMap<>();
    private final Map<String, Probe> oauth = new ConcurrentHashMap<>();
    private final List<Probe> probes;
    private @Nullable Main bound;

    /**
     * Everything that a run needs. Without a site.
     *
     * @param servers by site name
     * @param hosts the SSM hosts of all sites, to suggest a correction for a misspelled name; changes with the sites
     * @param captures the folder for captures
     * @param patterns to search for in logs
     */
    public EvidenceModule(
            Function<String, SsmServer> servers,
            Supplier<Set<String>> hosts,
            ManagerModule managers,
            Path captures,
            Database database,
            List<LogPattern> patterns,
            Clock clock) {
        this(
                servers,
                hosts,
                List.of(
                        new SiteProbe("manager", site -> Optional.of(managers.probe(site))),
                        new SiteProbe("manager-client", managers::clientProbe),
                        new CaptureProbe(captures, "tcpdump", clock)),
                database,
                patterns,
                clock);
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
        EvidenceModule module = new EvidenceModule(servers, () -> hosts(all), List.of(), database, patterns, clock);
        sites.forEach(module::add);
        return module;
    }

    private EvidenceModule(
            Function<String, SsmServer> servers,
            Supplier<Set<String>> hosts,
            List<Probe> ofRuns,
            @Nullable Database database,
            List<LogPattern> patterns,
            Clock clock) {
        this.servers = servers;
        this.database = database;
        this.logReader = new LogReader(patterns);
        this.routes = new EvidenceRoutes(logReader);
        this.probes = new ArrayList<>(List.of(
                new DnsProbe(hosts),
                new TcpProbe(),
                new TlsProbe(clock),
                new HttpProbe(clock),
                new SiteProbe("oauth", site -> Optional.ofNullable(oauth.get(site))),
                new NtpProbe(clock),
                new PingProbe(),
                new SsmStateProbe(database, clock)));
        this.probes.addAll(ofRuns);
    }

    /** The SSM hosts of the sites. */
    public static Set<String> hosts(Collection<Site> sites) {
        return sites.stream().map(site -> site.ssm().url().getHost()).collect(Collectors.toUnmodifiableSet());
    }

    /** Adds the probes and threads of a site, whose SSM and Manager exist. */
    void add(Site site) {
        oauth.put(site.name(), oauthProbe(servers.apply(site.name())));
        ExecutorService executor = WorkerThreads.limited(
                site.name(), MOST_OF_SITE, site.probing().deadline().plus(GRACE), threads);
        bySite.put(site.name(), executor);
        if (bound != null) {
            bound.bind(threadsOf(site.name()), executor);
        }
    }

    /** Removes the probes and threads of a site, if there are any. No evidence of it may be collected now. */
    void remove(String site) {
        oauth.remove(site);
        ExecutorService executor = bySite.remove(site);
        if (executor != null) {
            executor.shutdownNow();
        }
        if (bound != null) {
            bound.getCamelContext().getRegistry().unbind(threadsOf(site));
        }
    }

    /** The name under which the route of the site's evidence finds its threads. */
    private static String threadsOf(String site) {
        return "evidence-threads-" + site;
    }

    /** Binds the probes, each under a name such as {@code dnsProbe}, and the threads for the routes. */
    @Override
    public void bind(Main main) {
        probes.forEach(probe -> main.bind(bean(probe.name()), probe));
        main.bind("logReader", logReader);
        main.bind("resultsInTime", new ResultsInTime());
        bySite.forEach((site, executor) -> main.bind(threadsOf(site), executor));
        bound = main;
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

    private Probe oauthProbe(SsmServer server) {
        return server.oauthProbe(
                site -> database == null ? Optional.empty() : BaselineStore.lastGoodWithPassword(database, site));
    }

    @Override
    public void close() {
        bySite.values().forEach(ExecutorService::shutdownNow);
        threads.shutdownNow();
    }
}
