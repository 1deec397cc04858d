package io.licenserelay.usage;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.inventory.Places;
import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import io.licenserelay.site.Site.Reports.Push;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Body;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files out of inboxes into the ledger: all reports of a file in one transaction, or none of them. */
public final class Reception {
    /** The largest file that is read, in bytes. */
    public static final int LARGEST = 16 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final Database database;
    private final Ledger ledger;
    private final Alarms alarms;
    private final Clock clock;
    private final InboxFolders folders;
    private final RumFile reader = new RumFile(LARGEST);
    private final Owners owners = new Owners(new Places());

    public Reception(Database database, Ledger ledger, Alarms alarms, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.alarms = alarms;
        this.clock = clock;
        this.folders = new InboxFolders(clock);
    }

    /** Reads the file and moves it away; after a crash in between it is read again, and brings nothing new. */
    public synchronized void receive(@Body InboxFile file) throws IOException {
        if (!Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (file.refusal() != null) {
                throw new Unreadable(file.refusal());
            }
            List<RumReport> reports = reader.read(file.path());
            int fresh = database.write(tx -> reports.stream()
                    .mapToInt(report -> record(tx, file, report))
                    .sum());
            folders.done(file);
            LOG.info("{}: {} holds {} report(s), {} new", file.site().name(), file.name(), reports.size(), fresh);
        } catch (Unreadable e) {
            reject(file, String.valueOf(e.getMessage()));
        }
    }

    /** What waits at a site that sends nothing is held, whatever was configured when it came. */
    public void holdAll(Site site) {
        database.write(tx -> {
            List<String> digests = tx.createQuery("SELECT digest FROM report WHERE site = :site AND state = 'received'")
                    .bind("site", site.name())
                    .mapTo(String.class)
                    .list();
            digests.forEach(digest -> holdForPushOff(tx, digest));
            return digests.size();
        });
    }

    private int record(Handle tx, InboxFile file, RumReport report) {
        Report known = ledger.find(tx, report.digest()).orElse(null);
        if (known != null) {
            placeIfUnknown(tx, known, file);
            return 0;
        }
        Site site = file.site();
        Owners.Owner owner = owners.of(tx, site.name(), report.udi());
        Place place = file.va() != null ? file.va() : owner.place();
        ledger.receive(tx, place == null ? site.place() : place, report, file.name());
        if (site.reports().push() == Push.OFF) {
            holdForPushOff(tx, report.digest());
        } else if (place == null) {
            ledger.hold(tx, report.digest(), Hold.NO_PLACE, owner.why());
        }
        return 1;
    }

    /** The same report once more, now in a folder that says whose it is. */
    private void placeIfUnknown(Handle tx, Report known, InboxFile file) {
        Place va = file.va();
        if (va != null && known.place().equals(file.site().place())) {
            ledger.place(tx, known, va);
        }
    }

    private void holdForPushOff(Handle tx, String digest) {
        ledger.hold(tx, digest, Hold.PUSH_OFF, "reports.push of this site is off");
    }

    private void reject(InboxFile file, String reason) throws IOException {
        String message = file.name() + ": " + reason;
        LOG.warn("{}: a file in the inbox is no usable report: {}", file.site().name(), message);
        List<Finding> findings = List.of(new Finding(Findings.REPORT_UNREADABLE, message));
        Failure failure = Failure.of(file.site().place(), Flow.PUSH, Step.INBOX, findings, null, clock.instant());
        database.write(tx -> {
            alarms.raise(tx, failure);
            return 1;
        });
        folders.rejected(file, reason);
    }
}
