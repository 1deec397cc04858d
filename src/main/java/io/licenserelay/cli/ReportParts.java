package io.licenserelay.cli;

import io.licenserelay.console.ReportActions;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Site;
import io.licenserelay.ssm.ReportAnswers;
import io.licenserelay.ssm.ReportRequests;
import io.licenserelay.store.Database;
import io.licenserelay.sync.Sites;
import io.licenserelay.usage.AckFolder;
import io.licenserelay.usage.Alarms;
import io.licenserelay.usage.Health;
import io.licenserelay.usage.Imported;
import io.licenserelay.usage.Inbox;
import io.licenserelay.usage.InboxReception;
import io.licenserelay.usage.Ledger;
import io.licenserelay.usage.ManagerPush;
import io.licenserelay.usage.NotResendable;
import io.licenserelay.usage.Overdue;
import io.licenserelay.usage.PoisonGuard;
import io.licenserelay.usage.Polls;
import io.licenserelay.usage.Push;
import io.licenserelay.usage.Quarantine;
import io.licenserelay.usage.Reception;
import io.licenserelay.usage.ReportBundles;
import io.licenserelay.usage.ReportRecords;
import io.licenserelay.usage.Resends;
import io.licenserelay.usage.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.main.Main;

/** What usage reports need, from file to acknowledgement, put together. */
final class ReportParts implements ReportActions, AutoCloseable {
    private final Sites sites;
    private final Database database;
    private final Ledger ledger;
    private final Alarms alarms;
    private final Redactor redactor;
    private final Clock clock;
    private final Clock deadlines;
    private final Duration inboxSettle;
    private final PoisonGuard guard;
    private final Quarantine quarantine;
    private final Reception reception;
    private final Health health;
    private final Resends resends;

    ReportParts(
            Sites sites,
            Database database,
            Ledger ledger,
            Alarms alarms,
            Redactor redactor,
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
        this.inboxSettle = inboxSettle;
        this.guard = PoisonGuard.open(data);
        this.quarantine = new Quarantine(data, clock);
        this.reception = new Reception(database, ledger, alarms, redactor, guard, quarantine, clock);
        this.health = new Health(database, alarms, quarantine, clock);
        this.resends = new Resends(database, ledger, sites::named);
        sites.all().stream()
                .filter(site -> site.reports().push() == Site.Reports.Push.OFF)
                .forEach(reception::holdAll);
    }

    /** Gives the routes their beans. */
    void bind(Main main) {
        main.bind("sites", sites);
        Inbox inbox = new Inbox(inboxSettle);
        main.bind("inbox", inbox);
        main.bind("inboxReception", new InboxReception(database, reception, inbox, alarms, inboxSettle, clock));
        main.bind("push", new Push(database, ledger, alarms, redactor, clock));
        main.bind("reportBundles", new ReportBundles(database, ledger, clock, deadlines));
        main.bind("managerPush", new ManagerPush(database, ledger, redactor, clock));
        main.bind("polls", new Polls(database, ledger, alarms, redactor, clock));
        main.bind("reportRecords", new ReportRecords(reception, sites.all()));
        main.bind("retention", new Retention(database, clock, deadlines));
        main.bind("overdue", new Overdue(database, ledger, alarms, health, clock, deadlines));
        main.bind("ackFolder", new AckFolder(database));
        main.bind("reportsHealth", health);
        main.bind("reportRequests", new ReportRequests(clock));
        main.bind("reportAnswers", new ReportAnswers());
    }

    Reception reception() {
        return reception;
    }

    Health health() {
        return health;
    }

    @Override
    public Imported importFile(String site, String name, Path file) throws IOException {
        return reception.importFile(sites.named(site), name, file);
    }

    @Override
    public String resend(String digest) {
        return resends.resend(digest);
    }

    @Override
    public Imported retry(String id) throws IOException {
        Quarantine.Item item = quarantine
                .find(id)
                .orElseThrow(() -> new NotResendable("Nothing is put aside as " + id + "; see \"reports retry\"."));
        return reception.retry(sites.named(item.place().site()), item);
    }

    @Override
    public void close() {
        guard.close();
    }
}
