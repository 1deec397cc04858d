package io.licenserelay.reports.health;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.files.InboxFolders;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.reports.format.ClockJumps;
import io.licenserelay.reports.ledger.DeviceDeadlines;
import io.licenserelay.reports.ledger.DeviceTroubles;
import io.licenserelay.reports.ledger.UnmatchedAcks;
import io.licenserelay.reports.manager.ManagerPush;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.store.Database;
import io.licenserelay.store.folders.FolderNotShared;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Decides when incidents about reports are over. A site is healthy when all of this holds:
 *
 * <ul>
 *   <li>it has no quarantined items, and no files in {@code rejected/} and {@code outbox/unmatched/};
 *   <li>every file of the inbox can be moved;
 *   <li>no report waits for the report endpoint or for numeric ids of its virtual account;
 *   <li>the last sync request to its Manager did not fail;
 *   <li>no device's newest report shows a clock jump, and every configured device answers.
 * </ul>
 *
 * <p>A virtual account is healthy when the server has answered for it, none of its reports is rejected without a newer
 * accepted report of the same device, and no acknowledgement is missing. In both cases no device is near or past its
 * deadline.
 */
public final class PushHealth {
    private final Database database;
    private final ReportIncidents incidents;
    private final Quarantine quarantine;
    private final FolderCheck folders;
    private final Clock clock;

    /** @param folders verifies folders before an empty one counts as a solved problem */
    public PushHealth(
            Database database, ReportIncidents incidents, Quarantine quarantine, FolderCheck folders, Clock clock) {
        this.quarantine = quarantine;
        this.folders = folders;
        this.database = database;
        this.incidents = incidents;
        this.clock = clock;
    }

    /** Reports persisting problems again at the start of a run, so that they do not appear resolved. */
    public void remind(Site site) throws IOException {
        List<Finding> findings = standing(site);
        if (!findings.isEmpty()) {
            database.write(site.name(), tx -> {
                incidents.raise(tx, site.place(), Step.INBOX, findings, clock.instant());
                return findings.size();
            });
        }
    }

    /** The persisting problems of the site itself. */
    public List<Finding> standing(Site site) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Optional<Finding> notShared = notShared(site);
        if (notShared.isPresent()) {
            findings.add(notShared.get());
        } else {
            addFoldersOf(site, findings);
        }
        database.read(tx -> InboxTable.unusableInInbox(tx, site)).ifPresent(findings::add);
        database.read(tx -> InboxTable.stuck(tx, site)).ifPresent(findings::add);
        database.read(tx -> ClockJumps.standing(tx, site, clock)).ifPresent(findings::add);
        findings.addAll(database.read(tx -> DeviceTroubles.standing(tx, site.name(), clock)));
        return findings;
    }

    private void addFoldersOf(Site site, List<Finding> findings) throws IOException {
        if (!InboxFolders.nothingRejected(site)) {
            findings.add(
                    new Finding(Findings.REPORT_UNREADABLE, "rejected/ of " + site.name() + " still contains files"));
        }
        if (quarantine.hasItemsOf(site)) {
            findings.add(new Finding(
                    Findings.REPORT_PUT_ASIDE,
                    "files or records of " + site.name() + " that ended the relay process are still quarantined"));
        }
        if (!UnmatchedAcks.isFolderEmpty(site)) {
            findings.add(new Finding(
                    Findings.REPORT_ACK_UNMATCHED,
                    "outbox/unmatched/ of " + site.name() + " still contains acknowledgements that match no report"));
        }
    }

    /** A folder that is not mounted looks like one whose problems an operator has removed. */
    private Optional<Finding> notShared(Site site) throws IOException {
        try {
            folders.requireInbox(site);
            folders.requireOutbox(site);
            return Optional.empty();
        } catch (FolderNotShared refused) {
            return Optional.of(new Finding(Findings.FOLDER_NOT_SHARED, String.valueOf(refused.getMessage())));
        }
    }

    /** Clears the site's incident if its problems are over. */
    public void check(Site site) throws IOException {
        if (notShared(site).isPresent()) {
            return;
        }
        if (!InboxFolders.nothingRejected(site) || quarantine.hasItemsOf(site) || !UnmatchedAcks.isFolderEmpty(site)) {
            return;
        }
        database.write(site.name(), tx -> {
            boolean clockJumped = ClockJumps.standing(tx, site, clock).isPresent();
            boolean deviceProblems = DeviceDeadlines.anyReported(tx, site.place())
                    || !DeviceTroubles.standing(tx, site.name(), clock).isEmpty();
            boolean managerAccepts = !ManagerPush.failedLast(tx, site);
            if (!clockJumped
                    && InboxTable.stuck(tx, site).isEmpty()
                    && !deviceProblems
                    && managerAccepts
                    && !anyWaitsForPath(tx, site)
                    && withoutIds(tx, site).isEmpty()
                    && UnmatchedAcks.allWritten(tx, site)) {
                incidents.clear(tx, site.place());
            }
            return 1;
        });
    }

    /**
     * Records a correct answer of the server for this virtual account, and clears its incident if its problems are
     * over.
     */
    public static void answered(Handle tx, ReportIncidents incidents, Place va) {
        if (incidents.isOpen(tx, va)
                && !anyRejected(tx, va)
                && !anyLacksAck(tx, va)
                && !DeviceDeadlines.anyReported(tx, va)) {
            incidents.clear(tx, va);
        }
    }

    /** Records an answer for each distinct virtual account. */
    public static void answered(Handle tx, ReportIncidents incidents, Stream<Place> vas) {
        vas.distinct().forEach(va -> answered(tx, incidents, va));
    }

    /** Whether a report of the virtual account is rejected, and its device has sent no newer accepted report. */
    static boolean anyRejected(Handle tx, Place va) {
        return any(
                tx,
                va,
                "SELECT COUNT(*) FROM report r WHERE r.state = 'rejected' AND r.site = :site"
                        + " AND r.account = :account AND r.va = :va AND NOT EXISTS (SELECT 1 FROM report n"
                        + " WHERE n.pid = r.pid AND n.serial = r.serial AND n.received_at >= r.received_at"
                        + " AND (n.state = 'acknowledged' OR n.state IN " + ReportState.AWAITING_ACK + "))");
    }

    private static boolean anyLacksAck(Handle tx, Place va) {
        return any(
                tx,
                va,
                "SELECT COUNT(*) FROM submission s JOIN report r ON r.submission_id = s.id"
                        + " WHERE s.site = :site AND s.account = :account AND s.va = :va"
                        + " AND s.ack_missing_since IS NOT NULL AND r.state IN " + ReportState.AWAITING_ACK);
    }

    private static boolean any(Handle tx, Place va, String count) {
        return tx.createQuery(count)
                        .bind("site", va.site())
                        .bind("account", va.account())
                        .bind("va", va.va())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Places whose reports are held because SSM returns no numeric ids for them, ordered by name. */
    public static List<Place> withoutIds(Handle tx, Site site) {
        return tx.createQuery("SELECT DISTINCT account, va FROM report WHERE site = :site AND state = 'held'"
                        + " AND hold_reason = :hold ORDER BY account, va")
                .bind("site", site.name())
                .bind("hold", HoldReason.NO_IDS.wireName())
                .map((row, context) -> new Place(site.name(), row.getString("account"), row.getString("va")))
                .list();
    }

    private static boolean anyWaitsForPath(Handle tx, Site site) {
        return tx.createQuery(
                                "SELECT COUNT(*) FROM report WHERE site = :site AND state = 'held' AND hold_reason = :hold")
                        .bind("site", site.name())
                        .bind("hold", HoldReason.NO_PATH.wireName())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }
}
