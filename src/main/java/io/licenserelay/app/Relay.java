package io.licenserelay.app;

import io.licenserelay.actions.OwnActions;
import io.licenserelay.actions.OwningRelays;
import io.licenserelay.actions.RelayActions;
import io.licenserelay.actions.ReportActions;
import io.licenserelay.actions.Syncs;
import io.licenserelay.app.member.ClusterMember;
import io.licenserelay.app.member.Membership;
import io.licenserelay.app.member.SingleRelay;
import io.licenserelay.app.member.StoredState;
import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.route.ScheduleTimer;
import io.licenserelay.app.route.SiteRoutes;
import io.licenserelay.app.route.StepLogContext;
import io.licenserelay.app.route.SyslogPortUnavailable;
import io.licenserelay.app.route.SyslogReceivers;
import io.licenserelay.app.site.ConfigurationReload;
import io.licenserelay.app.site.DigestsInForce;
import io.licenserelay.app.site.EvidenceModule;
import io.licenserelay.app.site.ManagerModule;
import io.licenserelay.app.site.RunningRoutes;
import io.licenserelay.app.site.SiteChanger;
import io.licenserelay.app.site.SiteChanges;
import io.licenserelay.app.site.SiteParts;
import io.licenserelay.app.trace.Tracings;
import io.licenserelay.app.web.WebModule;
import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterSettings;
import io.licenserelay.cluster.NodeIdentity;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.HostName;
import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.secret.SecretUnavailable;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Topic;
import io.licenserelay.config.watch.ConfigurationWatch;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.InstanceId;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.Provenance;
import io.licenserelay.event.PublishOnCommit;
import io.licenserelay.event.RelayIdentity;
import io.licenserelay.event.kafka.AllowedHeaders;
import io.licenserelay.event.kafka.DeadLetterHeaders;
import io.licenserelay.event.kafka.DeadLetters;
import io.licenserelay.event.kafka.KafkaRecords;
import io.licenserelay.event.kafka.publication.FencedPublication;
import io.licenserelay.event.kafka.publication.PlainPublication;
import io.licenserelay.event.kafka.publication.Publication;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.bundle.BundleFiles;
import io.licenserelay.incident.bundle.DatabaseBundles;
import io.licenserelay.incident.bundle.EvidenceBundles;
import io.licenserelay.incident.relay.ConfigurationIncidents;
import io.licenserelay.incident.relay.KafkaWatch;
import io.licenserelay.incident.relay.StoreWatch;
import io.licenserelay.inventory.Inventory;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.inventory.StagingArea;
import io.licenserelay.observe.Management;
import io.licenserelay.observe.RelayObserver;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.files.SharedReportFolders;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.ssm.SsmLists;
import io.licenserelay.ssm.SsmRequests;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import io.licenserelay.store.OwnerOnly;
import io.licenserelay.store.folders.FolderMarkers;
import io.licenserelay.sync.AwaitedRequests;
import io.licenserelay.sync.FailureInvestigation;
import io.licenserelay.sync.InventoryPull;
import io.licenserelay.sync.PendingRequests;
import io.licenserelay.sync.SyncCommands;
import io.licenserelay.sync.request.OperatorRequests;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.sync.schedule.ClockWatch;
import io.licenserelay.sync.schedule.DeadlineClock;
import io.licenserelay.sync.schedule.DueRuns;
import io.licenserelay.sync.schedule.RunQueue;
import io.licenserelay.sync.watch.BaselineStore;
import io.licenserelay.sync.watch.ComplianceCheck;
import io.licenserelay.sync.watch.ExpiryCheck;
import io.licenserelay.sync.watch.LicenseExpiryCheck;
import io.licenserelay.sync.watch.ManagerWatch;
import io.licenserelay.sync.watch.ReportIncidentReporter;
import io.licenserelay.sync.watch.SeverityClock;
import io.licenserelay.threads.Lanes;
import io.licenserelay.threads.SharedPolls;
import io.licenserelay.threads.WorkerThreads;
import io.licenserelay.trace.Tracing;
import io.licenserelay.view.ReadApi;
import io.licenserelay.view.ReadSources;
import io.licenserelay.web.api.ApiActions;
import io.licenserelay.web.api.WorkRequests;
import io.licenserelay.web.server.AddressUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;

/**
 * Builds the whole relay from its configuration, and starts the Camel context. The caller must have locked the data folder.
 */
public final class Relay implements AutoCloseable {
    /** How long a stop waits for a current run. A longer run is interrupted, and caught up at the next start. */
    private static final Duration STOP = Duration.ofSeconds(3);

    private final Configuration configuration;
    private final Clock clock;
    private final Redactor redactor;
    private final Membership membership;
    private final SiteWork work;
    private final Path data;
    private final Rules rules;
    private final Tracing tracing;
    private final Database database;
    private final Sites sites;
    private final SyncService runs;
    private final RunQueue queue;
    private final AwaitedRequests awaitedRequests;
    private final PendingRequests pendingRequests;
    private final RelayActions actions;
    private final PublishOnCommit publishOnCommit = new PublishOnCommit();
    private final Outbox outbox;
    private final Incidents incidents;
    private final Management management;
    private final HttpModule http;
    private final ManagerModule managers;
    private final SsmServers servers;
    private final EvidenceModule evidence;
    private final SiteParts parts;
    private final DigestsInForce digests;
    private final KafkaWatch kafkaWatch;
    private final ClockWatch clockWatch;
    private final DueRuns dueRuns;
    private final EvidenceBundles bundles;
    private final ReportModule reports;
    private final SyslogReceivers receivers;
    private final HookModule hooks;

    /** The threads of all parallel splits. The lanes of a route limit their number. */
    private final ExecutorService sideBySide = WorkerThreads.limited("side by side", Integer.MAX_VALUE);

    private final Main main = new Main();

    /** Serializes changes of the sites. */
    private final Object changing = new Object();

    /** The secrets to redact: those of the start, and those of the configuration that was applied last. */
    private volatile List<Secret> secrets;

    private volatile Map<String, String> versions;

    private final ConfigurationReload reload;

    private final WorkRequests requests;

    /** Null while no server serves this relay. */
    private @Nullable WebModule web;

    /** Null until the routes run. */
    private volatile @Nullable SiteChanger changer;

    /**
     * Opens the database and builds every part. Nothing runs yet.
     *
     * @param data a folder that the caller has locked
     * @throws IOException if a trust file cannot be read
     */
    public Relay(Configuration configuration, Path data, Clock clock) throws IOException {
        this(configuration, data, clock, clock);
    }

    /**
     * A relay whose clock may differ from the clock of its host.
     *
     * @param host the clock that a cluster compares with the clock of its database
     */
    public Relay(Configuration configuration, Path data, Clock clock, Clock host) throws IOException {
        this(configuration, data, membership(configuration, data, host), clock);
    }

    /** The same with another membership than the configured one, which is closed with the relay. */
    Relay(Configuration configuration, Path data, Membership membership, Clock clock) throws IOException {
        this.configuration = configuration;
        this.data = data;
        this.clock = clock;
        this.secrets = configuration.secrets();
        Settings settings = configuration.settings();
        this.receivers = new SyslogReceivers(clock);
        this.rules = Rules.in(configuration.folder());
        this.versions = versions(configuration);
        this.membership = membership;
        this.tracing = Tracings.of(
                settings.traces(), settings.name(), configuration.cluster().node(), RelayVersion.text());
        this.database = tracing.around(membership.database());
        this.redactor = Redactor.of(() -> revealed(secrets));
        this.sites = new Sites(List.of());
        this.management = ManagementModule.of(settings.management(), membership, sites, clock);
        RelayObserver observer = management.observer();
        this.outbox = new Outbox(database, new LicenseEvents(), clock, publishOnCommit::wake);
        RelayIdentity identity = new RelayIdentity(
                settings.name(), HostName.of(System.getenv()), InstanceId.of(data), RelayVersion.text());
        Provenance provenance = new Provenance(identity, redactor, List.of());
        Path kept = data.resolve("evidence").toAbsolutePath();
        DeadlineClock deadlines = new DeadlineClock(clock);
        this.bundles = database.isShared()
                ? new DatabaseBundles(database, kept, settings.bundles(), () -> versions, clock, deadlines)
                : new BundleFiles(database, kept, settings.bundles(), () -> versions, clock, deadlines);
        this.incidents = new Incidents(outbox, redactor, settings, bundles.reference(), identity, clock, deadlines);
        incidents.listen(observer);
        IncidentReporter reporter = new IncidentReporter(rules, incidents, clock);
        Schedules schedules = new Schedules(database, sites, clock);
        this.runs =
                new SyncService(database, sites, schedules, incidents, outbox, provenance, settings, tracing, clock);
        runs.listen(observer);
        this.http = new HttpModule(tracing, clock, observer);
        http.bind(main);
        this.managers = new ManagerModule(database, http.sender(), redactor, clock);
        this.servers = new SsmServers(RejectedCredentials.keeping(database, clock), http.sender(), redactor, clock);
        servers.listen(observer);
        main.bind("ssmServers", servers);
        this.evidence = new EvidenceModule(
                servers::of,
                () -> EvidenceModule.hosts(sites.all()),
                managers,
                kept.resolve("captures"),
                database,
                rules.logs(),
                clock);
        evidence.routes().listen(observer);
        evidence.bind(main);
        this.parts = new SiteParts(sites, provenance, servers, managers, evidence);
        this.digests = new DigestsInForce(sites);
        digests.learn(configuration);
        for (Site site : configuration.sites()) {
            parts.build(site);
        }
        main.bind("lanes", new Lanes());
        main.bind("sideBySide", sideBySide);
        this.hooks = new HookModule(settings.topic(Topic.FAILURES));
        hooks.bind(main);
        FailureClassifier causes = new FailureClassifier(clock);

        this.queue = new RunQueue(settings.sitesParallel(), this::runOne);
        this.dueRuns = new DueRuns(sites, schedules, queue, database::acceptsWork);
        main.bind("dueRuns", dueRuns);
        this.clockWatch = new ClockWatch(dueRuns, deadlines, database, reporter, clock);
        main.bind("clockWatch", clockWatch);
        main.bind("scheduleTimer", new ScheduleTimer());
        main.bind("quartz", CamelComponents.quartz());
        main.bind("runs", runs);
        main.bind("schedules", schedules);
        main.bind("ssmRequests", new SsmRequests(clock));
        StagingArea stage = new StagingArea(database);
        main.bind("stage", stage);
        main.bind("ssmLists", new SsmLists(stage, servers));
        main.bind(
                "pull",
                new InventoryPull(
                        database,
                        new Inventory(stage),
                        outbox,
                        provenance,
                        new ComplianceCheck(reporter, incidents, runs),
                        new LicenseExpiryCheck(reporter, incidents, runs, clock),
                        runs,
                        settings));
        main.bind("bundles", bundles);
        BaselineStore baselines = new BaselineStore(database, evidence.routes(), servers, clock);
        main.bind("baselines", baselines);
        main.bind("expiries", new ExpiryCheck(database, reporter, incidents, runs, clock));
        ManagerWatch managerWatch = new ManagerWatch(
                managers.bySite(),
                sites,
                database,
                incidents,
                runs,
                baselines,
                causes,
                evidence.routes(),
                hooks.enrichment(),
                clock);
        main.bind("managerWatch", managerWatch);
        main.bind("syncCalls", managers.syncCalls());
        StoreWatch storeWatch = new StoreWatch(database, reporter);
        main.bind("storeWatch", storeWatch);
        ConfigurationIncidents configurationIncidents = new ConfigurationIncidents(
                database, reporter, membership.configurations(), redactor, membership.node(), clock);
        main.bind("configurationIncidents", configurationIncidents);
        this.reload = new ConfigurationReload(this::apply, configurationIncidents);
        main.bind(
                "failures",
                new FailureInvestigation(
                        evidence.routes(),
                        rules,
                        incidents,
                        runs,
                        baselines,
                        database,
                        bundles,
                        managerWatch,
                        causes,
                        storeWatch,
                        hooks.enrichment(),
                        clock));
        main.bind("severityClock", new SeverityClock(database, incidents, runs, clock));
        Ledger ledger = new Ledger(outbox, redactor, provenance, settings, clock);
        ReportIncidents alarms = new ReportIncidentReporter(reporter, incidents, runs, clock);
        FolderCheck folders = database.isShared()
                ? new SharedReportFolders(new FolderMarkers(database, membership.node(), clock))
                : FolderCheck.LOCAL;
        this.reports = new ReportModule(
                sites, database, ledger, alarms, redactor, folders, data, settings.inboxSettle(), clock, deadlines);
        reports.bind(main, http.sender(), membership.configurations()::isElsewhere);
        main.bind("configurationReload", reload);
        main.bind("outbox", outbox);
        main.bind("publishOnCommit", publishOnCommit);
        main.bind("kafkaRecords", new KafkaRecords());
        this.kafkaWatch = new KafkaWatch(database, reporter, outbox);
        main.bind("kafkaWatch", kafkaWatch);
        Publication publication = database.isShared()
                ? new FencedPublication(FencedPublication.transactionalId(settings.name()), database)
                : new PlainPublication();
        main.bind("publication", publication);
        main.bind("publicationClients", publication.clients());
        main.bind("allowedHeaders", new AllowedHeaders());
        // The relays of a cluster read one topic together, so the database counts the pause.
        Duration ownPause = database.isShared() ? Duration.ZERO : settings.commandsPause();
        Duration sharedPause = database.isShared() ? settings.commandsPause() : Duration.ZERO;
        main.bind(
                "commands",
                new SyncCommands(settings.name(), sites, membership.configurations()::isElsewhere, ownPause, clock));
        this.awaitedRequests = new AwaitedRequests(
                database, queue, new RequestedReports(database, reports, data), membership.node(), clock);
        this.pendingRequests = new PendingRequests(database, sites, queue, awaitedRequests, sharedPause, clock);
        main.bind("pendingCommands", pendingRequests);
        this.work = new SiteWork(
                sites,
                runs,
                queue,
                awaitedRequests,
                pendingRequests,
                reports,
                managerWatch,
                kafkaWatch,
                publication,
                membership.configurations(),
                digests,
                this::isRunnable,
                main::getCamelContext);
        this.actions = actions();
        this.requests = new WorkRequests(sites, actions, actions, clock);
        main.bind("apiActions", new ApiActions(requests));
        main.bind("deadLetters", new DeadLetters(settings.topic(Topic.DEAD_LETTERS)));
        main.bind("deadLetterHeaders", new DeadLetterHeaders());
        main.bind("kafka", CamelComponents.kafka(settings));
    }

    /** In this process, or in a cluster wherever the site is owned: also a site of this process may have another owner soon. */
    private RelayActions actions() {
        return membership
                .cluster()
                .<RelayActions>map(cluster -> {
                    OperatorRequests requests = new OperatorRequests(
                            database,
                            cluster,
                            membership.node(),
                            ClusterSettings.DEFAULT.takeover(),
                            pendingRequests::collect,
                            clock);
                    awaitedRequests.onOutcome(requests::outcomeWritten);
                    return new OwningRelays(database, requests, sites, clock);
                })
                .orElseGet(() -> new OwnActions(sites, queue, reports));
    }

    private static Membership membership(Configuration configuration, Path data, Clock clock) throws IOException {
        // Before the database is opened, because its further files get the rights of its first one.
        OwnerOnly.mend(data, sharedFolders(configuration));
        NodeSettings cluster = configuration.cluster();
        StoreSettings store = cluster.store();
        return store == null
                ? new SingleRelay(data, cluster.node())
                : new ClusterMember(
                        new ClusterDatabase(store.url(), store::connection),
                        ClusterSettings.DEFAULT,
                        new NodeIdentity(
                                cluster.node(), String.valueOf(HostName.of(System.getenv())), RelayVersion.text()),
                        clock);
    }

    /**
     * Starts the routes.
     *
     * @param scheduled whether sites run on their schedules
     * @throws BadRoutes if Camel cannot load the routes
     * @throws SyslogPortUnavailable if a syslog port cannot be opened
     * @throws AddressUnavailable if a relay that runs on schedules cannot listen on its management address
     */
    public void start(RouteFiles routes, boolean scheduled)
            throws BadRoutes, SyslogPortUnavailable, AddressUnavailable {
        clockWatch.resume();
        membership.beginAlone(work);
        bundles.catchUp();
        make(routes, scheduled, scheduled ? management : Management.OFF);
        join();
        if (scheduled) {
            schedule(routes);
            management.ready();
        }
    }

    private void join() {
        try {
            membership.join(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the relay stops before it has joined the cluster", e);
        }
    }

    /** The last step of a start, because due runs begin at once. */
    private void schedule(RouteFiles routes) throws BadRoutes {
        try {
            pendingRequests.begin();
            new SiteRoutes(main.getCamelContext(), configuration.settings().name()).schedule();
        } catch (Exception e) {
            throw new BadRoutes(routes, e);
        }
    }

    /** Starts the packed routes, overlaid by those of a folder; see {@link #start(RouteFiles, boolean)}. */
    public void start(Path folder, boolean scheduled) throws BadRoutes, SyslogPortUnavailable, AddressUnavailable {
        start(RouteFiles.overlaidBy(folder), scheduled);
    }

    /**
     * Builds every route of every site without starting it, to find all problems in the files.
     *
     * @throws BadRoutes if Camel cannot load the routes
     */
    void load(RouteFiles routes) throws BadRoutes, SyslogPortUnavailable, AddressUnavailable {
        main.configure().withAutoStartup(false);
        make(routes, true, Management.OFF);
    }

    private void make(RouteFiles routes, boolean scheduled, Management served)
            throws BadRoutes, SyslogPortUnavailable, AddressUnavailable {
        try {
            build(routes, scheduled, served);
        } catch (SyslogPortUnavailable | AddressUnavailable portTaken) {
            throw portTaken;
        } catch (Exception e) {
            throw new BadRoutes(routes, e);
        }
    }

    private void build(RouteFiles files, boolean scheduled, Management served) throws Exception {
        WebModule serving = web;
        main.configure().withRoutesIncludePattern(serving == null ? files.patternWithoutServer() : files.pattern());
        main.configure().withName("license-relay");
        main.configure().withShutdownTimeout((int) STOP.toSeconds());
        main.configure().withAutoConfigurationEnabled(true);
        // Answers of any size are streamed; a cache would hold them in memory.
        main.configure().withStreamCachingEnabled(false);
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                CamelComponents.convertLogLevels(starting.getCamelContext());
                // A prototype: one instance per endpoint that refers to it.
                starting.getCamelContext()
                        .getRegistry()
                        .bindAsPrototype("sharedPolls", SharedPolls.class, SharedPolls::new);
                membership.prepare(starting.getCamelContext(), SiteRoutes::ownerOf);
                evidence.routes().use(starting.getCamelContext());
                if (serving != null) {
                    serving.connect(starting.getCamelContext());
                }
                served.register(starting.getCamelContext());
                StepLogContext.observe(starting.getCamelContext());
                tracing.observe(starting.getCamelContext());
            }
        });
        configuration.settings().camel().forEach(main::addInitialProperty);
        // Before the routes, so that a relay whose port is taken has begun nothing.
        served.begin();
        main.start();
        http.use(main.getCamelContext());
        evidence.routes().requireUsable(sites.all());
        SiteRoutes routes =
                new SiteRoutes(main.getCamelContext(), configuration.settings().name());
        routes.requireTargets();
        hooks.use(main.getCamelContext());
        if (!scheduled) {
            sites.all().forEach(routes::add);
            return;
        }
        routes.requireSchedule();
        RunningRoutes running = new RunningRoutes(main.getCamelContext(), files, routes, receivers, evidence.routes());
        for (Site site : sites.all()) {
            running.add(site);
        }
        routes.listen(configuration.settings().topic(Topic.COMMANDS));
        changer = new SiteChanger(sites, parts, running, queue, dueRuns, database, membership, work);
    }

    /**
     * Makes the sites of a configuration the sites of this relay, which runs on schedules. Added sites begin, changed sites go on with the
     * new values after their current run, and removed sites end. All other settings of the configuration are ignored: they need a restart.
     * A site that cannot be changed goes on as before; see {@link SiteChanges#problems()}. Calls wait for each other.
     *
     * @throws InterruptedException if the thread is interrupted; what was not yet changed stays unchanged
     * @throws IOException if the folder of an added site cannot be read; nothing was changed
     * @throws IllegalStateException if the relay does not run on schedules
     */
    public SiteChanges apply(Configuration next) throws InterruptedException, IOException {
        SiteChanger running = changer;
        if (running == null) {
            throw new IllegalStateException("only a relay that runs on schedules takes another configuration");
        }
        synchronized (changing) {
            // Known before the first request with them; the old ones may still be in logs.
            Set<Secret> all = new LinkedHashSet<>(secrets);
            all.addAll(next.secrets());
            secrets = List.copyOf(all);
            for (Site site : next.sites()) {
                closeToOthers(site);
            }
            digests.learn(next);
            SiteChanges changes = running.apply(next.sites());
            versions = versions(next);
            if (changes.problems().isEmpty()) {
                Set<Secret> current = new LinkedHashSet<>(configuration.secrets());
                current.addAll(next.secrets());
                secrets = List.copyOf(current);
            }
            return changes;
        }
    }

    /**
     * Applies every valid change of these files while the relay runs on schedules, see {@link #apply}. To be called before the start.
     *
     * @param files the files of the configuration that this relay was built from
     */
    public void follow(ConfigurationWatch files) {
        reload.follow(files);
    }

    /**
     * Lets routes and handlers of a server use this relay. To be called before the start; the caller lets the server listen after the start and
     * closes it before the relay.
     *
     * @throws IOException if the data folder cannot be read
     */
    public void serve(WebModule server) throws IOException {
        server.use(
                new ReadApi(new ReadSources(
                        database,
                        configuration,
                        sites::all,
                        membership.cluster(),
                        rules,
                        RelayVersion.text(),
                        String.valueOf(HostName.of(System.getenv())),
                        new StoredState(data, configuration.cluster()).toString(),
                        clock)),
                rules,
                requests,
                data);
        web = server;
    }

    /** False for a site that could neither be changed nor be restored. */
    private boolean isRunnable(String site) {
        SiteChanger running = changer;
        return running == null || running.isRunnable(site);
    }

    /** Gives the default folder of a site that is about to be added the rights that the start gives to the whole data folder. */
    private void closeToOthers(Site site) throws IOException {
        Path own = data.resolve(site.name());
        if (!sites.isKnown(site.name()) && Files.isDirectory(own)) {
            OwnerOnly.mend(own, SharedFolders.of(site));
        }
    }

    /** Syncs one site now and waits for the result. If a sync of the site is running, it waits for that sync first. */
    public List<SyncResult> sync(SyncRequest request) throws InterruptedException {
        return OwnActions.await(queue.submit(request));
    }

    /** Empty if a sync of the site is already running: a scheduled run is then not needed. */
    private List<SyncResult> runOne(SyncRequest request) {
        // A run that waited while its site was removed; who requested it gets this reason.
        sites.named(request.site());
        return new RunCall(main.getCamelContext(), clock).run(request).orElse(List.of());
    }

    /**
     * Checks a site's Manager now, in the same way as its timer, and waits for the result.
     *
     * @throws org.apache.camel.CamelExecutionException if the result could not be stored or reported
     */
    public void watch(String site) {
        main.getCamelContext().createProducerTemplate().requestBody("direct:manager-watch", site);
    }

    /** Syncs one site, or all sites in parallel. The results are in the order of the sites. */
    public Syncs asSyncs() {
        return actions;
    }

    /** The manual changes of the report ledger. */
    public ReportActions asReportActions() {
        return actions;
    }

    /**
     * Waits until Kafka has accepted every event. The wait ends early at the time limit, or if Kafka is known to be unreachable.
     *
     * @return the number of events that still wait
     */
    public long drain(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (!outbox.isEmpty() && System.nanoTime() < end && !kafkaWatch.isBlocked()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return outbox.waiting().rows();
    }

    public Sites sites() {
        return sites;
    }

    public SyncService runs() {
        return runs;
    }

    public Outbox outbox() {
        return outbox;
    }

    /** For tests and read-only commands. */
    public Database database() {
        return database;
    }

    /** For tests of the routes. */
    public CamelContext camel() {
        return main.getCamelContext();
    }

    /** Knows the secrets in use, for the log of this process. */
    public Redactor redactor() {
        return redactor;
    }

    public Incidents incidents() {
        return incidents;
    }

    @Override
    public void close() throws IOException {
        reload.stop();
        management.close();
        runs.stop();
        servers.stop();
        queue.end();
        SiteChanger running = changer;
        if (running != null) {
            running.close();
        }
        requests.close();
        hooks.drain();
        main.stop();
        hooks.close();
        awaitedRequests.close();
        reports.close();
        queue.close();
        receivers.close();
        evidence.close();
        sideBySide.shutdownNow();
        servers.close();
        managers.close();
        membership.leave();
        membership.close();
        tracing.close();
    }

    /** The versions of relay, configuration and rules, recorded with the evidence of a diagnosis. */
    private Map<String, String> versions(Configuration used) {
        return Map.of(
                "relay", RelayVersion.text(),
                "configurationSha256", used.sha256(),
                "rulesSha256", rules.sha256());
    }

    private static List<Path> sharedFolders(Configuration configuration) {
        return configuration.sites().stream()
                .flatMap(site -> SharedFolders.of(site).stream())
                .toList();
    }

    /** The current values of the secrets. A secret that cannot be read is omitted, because it cannot leak either. */
    public static List<char[]> revealed(List<Secret> secrets) {
        List<char[]> values = new ArrayList<>();
        for (Secret secret : secrets) {
            try {
                values.add(secret.reveal());
            } catch (SecretUnavailable e) {
                System.getLogger(Relay.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            }
        }
        return values;
    }
}
