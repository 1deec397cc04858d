package io.licenserelay.reports.inbox;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.Provenance;
import io.licenserelay.event.RelayIdentity;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.bundle.BundleReference;
import io.licenserelay.inventory.LicenseEvents;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.LedgerChecks;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.health.PushHealth;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.quarantine.PoisonGuard;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Schedules;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.sync.watch.ReportIncidentReporter;
import io.licenserelay.trace.Untraced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The beans that read a site's inbox, on a real database, without routes and servers. */
final class InboxScannerWorld implements AutoCloseable {
    private static final Rules RULES = Rules.packed();

    private final Path folder;
    private final MovableClock clock = new MovableClock();
    private final Database database;
    private final Site site;
    private final Site secondSite;
    private final ReportIntake intake;
    private final ReportIncidentReporter incidentReporter;
    private final PushHealth health;
    private final PoisonGuard guard;
    private InboxScanner inbox = new InboxScanner(FolderCheck.LOCAL, Duration.ZERO);
    private InboxImport inboxImport;

    InboxScannerWorld(Path folder) throws Exception {
        this.folder = folder;
        this.database = TestStore.current().open(folder);
        Configuration configuration = TempRelay.in(folder)
                .brokers("127.0.0.1:9")
                .ssm("url", "https://127.0.0.1:9")
                .ssm("api", "cssm")
                .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET' }")
                .environment("SSM_CLIENT_SECRET", "relay-secret-1")
                .site("reports", "{ push: api, inbox: " + inbox() + ", outbox: " + folderNextToInbox("outbox") + " }")
                .furtherSite(
                        "{ name: lab, ssm: { api: cssm, url: 'https://127.0.0.1:9', client: { id: relay, secret: 'env:SSM_CLIENT_SECRET' } },"
                                + " reports: { push: api, inbox: " + folderNextToInbox("lab/inbox") + ", outbox: "
                                + folderNextToInbox("lab/outbox") + " } }")
                .configuration();
        this.site = configuration.sites().get(0);
        this.secondSite = configuration.sites().get(1);
        Sites sites = new Sites(configuration.sites());
        Redactor redactor = Redactor.of(List.of());
        Outbox outbox = new Outbox(database, new LicenseEvents(), clock);
        RelayIdentity relay = new RelayIdentity("license-relay", null, "test", "test");
        Provenance provenance = new Provenance(relay, redactor, configuration.sites());
        Incidents incidents = new Incidents(
                outbox,
                redactor,
                configuration.settings(),
                new BundleReference.InFolder(folder.resolve("evidence")),
                relay,
                clock,
                clock);
        SyncService runs = new SyncService(
                database,
                sites,
                new Schedules(database, sites, clock),
                incidents,
                outbox,
                provenance,
                configuration.settings(),
                new Untraced(),
                clock);
        this.incidentReporter =
                new ReportIncidentReporter(new IncidentReporter(RULES, incidents, clock), incidents, runs, clock);
        Ledger ledger = new Ledger(outbox, redactor, provenance, configuration.settings(), clock);
        this.guard = PoisonGuard.open(folder.resolve("data"));
        Quarantine quarantine = new Quarantine(folder.resolve("data"), clock);
        this.intake = new ReportIntake(database, ledger, incidentReporter, redactor, guard, quarantine, clock);
        this.health = new PushHealth(database, incidentReporter, quarantine, FolderCheck.LOCAL, clock);
        this.inboxImport = newInboxImport();
        Files.createDirectories(inbox());
        Files.createDirectories(secondSite.reports().inbox());
    }

    /** Simulates a restart of the process: the state in memory is lost. */
    void restart() {
        restart(new InboxScanner(FolderCheck.LOCAL, Duration.ZERO));
    }

    /** Restarts with a limit of files per scan. */
    void restart(int maxFiles) {
        restart(new InboxScanner(FolderCheck.LOCAL, Duration.ZERO, maxFiles));
    }

    private void restart(InboxScanner scanner) {
        inbox = scanner;
        inboxImport = newInboxImport();
    }

    private InboxImport newInboxImport() {
        return new InboxImport(database, intake, inbox, incidentReporter, Duration.ZERO, clock);
    }

    /** One pass of the timer. */
    void pass() throws IOException {
        inboxImport.receive(site, inbox.ready(site));
    }

    /** The two passes after which a file that does not change is read. */
    void passTwice() throws IOException {
        pass();
        pass();
    }

    void forward(Duration by) {
        clock.forward(by);
    }

    Site site() {
        return site;
    }

    Site secondSite() {
        return secondSite;
    }

    Database database() {
        return database;
    }

    MovableClock clock() {
        return clock;
    }

    InboxImport inboxImport() {
        return inboxImport;
    }

    InboxScanner scanner() {
        return inbox;
    }

    PushHealth health() {
        return health;
    }

    Path inbox() {
        return folderNextToInbox("inbox");
    }

    Path folderNextToInbox(String name) {
        return folder.resolve("reports").resolve(name);
    }

    void drop(String name, String content) {
        RumSamples.write(inbox().resolve(name), content);
    }

    ReportIntake intake() {
        return intake;
    }

    /** A file with one report. */
    static String report(long id) {
        return report("9ABC", id);
    }

    /** A file with one report of this device. */
    static String report(String serial, long id) {
        return RumSamples.bare(RumSamples.report(RumSamples.payload(serial, id)));
    }

    List<ReportEntry> ledger() {
        return database.read(LedgerChecks::reports);
    }

    /** The active causes of open incidents. */
    List<String> causes() {
        return database.read(tx -> tx.createQuery("SELECT c.code FROM incident_cause c JOIN incident i"
                        + " ON i.id = c.incident_id WHERE i.is_open = 1 AND c.is_active = 1 ORDER BY c.code")
                .mapTo(String.class)
                .list());
    }

    /** The number of incident events. */
    long failureEvents() {
        return database.read(tx -> tx.createQuery("SELECT COUNT(*) FROM outbox WHERE topic LIKE '%failures'")
                .mapTo(Long.class)
                .one());
    }

    /** The file names in a folder next to the inbox, sorted; empty if the folder is missing. */
    List<String> names(String below) throws IOException {
        Path root = folderNextToInbox(below);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(root)) {
            return files.map(each -> String.valueOf(each.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() {
        guard.close();
        database.close();
    }
}
