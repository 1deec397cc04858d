package io.licenserelay.app;

import io.licenserelay.actions.ReportActions;
import io.licenserelay.config.site.Site;
import io.licenserelay.http.HttpSender;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ack.AckOutbox;
import io.licenserelay.reports.ack.AckPolling;
import io.licenserelay.reports.bundle.ReportBundles;
import io.licenserelay.reports.device.DeviceAckDelivery;
import io.licenserelay.reports.device.DeviceReports;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.health.DeadlineCheck;
import io.licenserelay.reports.health.PushHealth;
import io.licenserelay.reports.health.Retention;
import io.licenserelay.reports.inbox.InboxImport;
import io.licenserelay.reports.inbox.InboxScanner;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.intake.ReportRecords;
import io.licenserelay.reports.ledger.DeviceContacts;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.ledger.PendingDeviceAcks;
import io.licenserelay.reports.manager.ManagerPush;
import io.licenserelay.reports.quarantine.PoisonGuard;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.reports.submit.ReportSubmission;
import io.licenserelay.reports.submit.ResendService;
import io.licenserelay.ssm.ReportAnswers;
import io.licenserelay.ssm.ReportRequests;
import io.licenserelay.store.Database;
import io.licenserelay.store.folders.FolderNotShared;
import io.licenserelay.sync.run.Sites;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import org.apache.camel.main.Main;

/** Builds everything for usage reports, from file to acknowledgement. */
final class ReportModule implements ReportActions, AutoCloseable {
    private final Sites sites;
    private final Database database;
    private final Ledger ledger;
    private final ReportIncidents alarms;
    private final Redactor redactor;
    private final Clock clock;
    private final Clock deadlines;
    private final FolderCheck folders;
    private final PoisonGuard guard;
    private final Quarantine quarantine;
    private final ReportIntake reception;
    private final PushHealth health;
    private final ResendService resends;
    private final DeviceContacts contacts;
    private final InboxScanner inbox;
    private final InboxImport inboxImport;

    ReportModule(
            Sites sites,
            Database database,
            Ledger ledger,
            ReportIncidents alarms,
            Redactor redactor,
            FolderCheck folders,
            Path data,
            Duration inboxSettle,
            Clock clock,
            Clock deadlines) {
        this.deadlines = deadlines;
        this.sites = sites;
        this.database = database;
        this.ledger = ledger;
        this.alarms = alarms;
        this.redactor = redactor;
        this.clock = clock;
        this.folders = folders;
        this.guard = PoisonGuard.open(data);
        this.quarantine =
                database.isShared() ? Quarantine.shared(sites::all, folders, clock) : new Quarantine(data, clock);
        this.reception = new ReportIntake(database, ledger, alarms, redactor, guard, quarantine, clock);
        this.health = new PushHealth(database, alarms, quarantine, folders, clock);
        this.contacts = new DeviceContacts(database, redactor, clock);
        this.resends = new ResendService(database, ledger, sites::named);
        this.inbox = new InboxScanner(folders, inboxSettle);
        this.inboxImport = new InboxImport(database, reception, inbox, alarms, inboxSettle, clock);
    }

    /**
     * Binds the beans of the routes.
     *
     * @param http sends the requests to devices
     * @param elsewhere whether another relay of the cluster may have a site that this one does not have
     */
    void bind(Main main, HttpSender http, Predicate<String> elsewhere) {
        main.bind("sites", sites);
        main.bind("inbox", inbox);
        main.bind("inboxReception", inboxImport);
        main.bind("push", new ReportSubmission(database, ledger, alarms, redactor, clock));
        main.bind("reportBundles", new ReportBundles(database, ledger, folders, clock, deadlines));
        main.bind("managerPush", new ManagerPush(database, ledger, redactor, clock));
        main.bind("polls", new AckPolling(database, ledger, alarms, redactor, clock));
        main.bind("reportRecords", new ReportRecords(reception, site -> sites.isKnown(site) || elsewhere.test(site)));
        main.bind("retention", new Retention(database, clock, deadlines));
        main.bind("overdue", new DeadlineCheck(database, ledger, alarms, health, clock, deadlines));
        main.bind("ackFolder", new AckOutbox(database, folders));
        main.bind("reportsHealth", health);
        main.bind("deviceReports", new DeviceReports(database, contacts, reception, http, clock));
        PendingDeviceAcks returns = new PendingDeviceAcks(database, clock);
        main.bind("deviceAcks", new DeviceAckDelivery(database, returns, contacts, health, http, clock));
        main.bind("reportRequests", new ReportRequests(clock));
        main.bind("reportAnswers", new ReportAnswers());
    }

    /**
     * Begins to work for a site: takes over its configuration, which may have changed, and its files, which another process may
     * have processed.
     */
    void begin(Site site) {
        inboxImport.begin(site);
        contacts.retire(site);
        if (site.reports().push() == Site.Reports.Push.OFF) {
            reception.holdAll(site);
        }
    }

    /** Whether the last use of the site's folders found the right ones. */
    boolean isFit(String site) {
        return folders.isUsable(site);
    }

    /** Checks the folders again that were not usable, also those of sites that another relay works for: they may be mounted now. */
    void recheckFolders() {
        for (Site site : sites.all()) {
            if (!folders.isUsable(site.name())) {
                folders.recheck(site);
            }
        }
    }

    @Override
    public ImportResult importFile(String site, String name, Path file) throws IOException {
        return reception.importFile(sites.named(site), name, file);
    }

    @Override
    public String resend(String digest) {
        return resends.resend(digest);
    }

    @Override
    public ImportResult retry(String id) throws IOException {
        Quarantine.Item item = quarantine.find(id).orElseThrow(() -> NotResendable.notQuarantined(id));
        Site site = sites.named(item.place().site());
        try {
            folders.requireInbox(site);
        } catch (FolderNotShared refused) {
            throw new NotResendable(String.valueOf(refused.getMessage()));
        }
        return reception.retry(site, item);
    }

    @Override
    public void close() {
        guard.close();
    }
}
