package io.licenserelay.reports.health;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.files.InboxFolders;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.reports.format.ClockJumps;
import io.licenserelay.reports.ledger.DeviceDeadlines;
import io.licenserelay.reports.ledger.DeviceTroubles;
import io.licenserelay.reports.ledger.UnmatchedAcks;
import io.licenserelay.reports.manager.ManagerPush;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * When reports are well again. A site is, when nothing of it is put aside, nothing lies in {@code rejected/} and {@code outbox/unmatched/}, every file of the inbox can be moved, no report
 * waits for a path or for numbers of its virtual account, its Manager was not asked to sync in vain, no device's newest report tells of a jump of its clock and every
 * device that is asked answers; a virtual account is, when the server answered, no report of it stands rejected that its device
 * has not replaced since, and none lacks its acknowledgement. No device of either is past its deadline, or near it.
 */
public final class PushHealth {
    private final Database database;
    private final ReportIncidents alarms;
    private final Quarantine quarantine;
    private final Clock clock;

    public PushHealth(Database database, ReportIncidents alarms, Quarantine quarantine, Clock clock) {
        this.quarantine = quarantine;
        this.database = database;
        this.alarms = alarms;
        this.clock = clock;
    }

    /** A run begins: what still lies in the folders since an earlier one is told again, so that nobody takes it for over. */
    public void remind(Site site) throws IOException {
        List<Finding> findings = standing(site);
        if (!findings.isEmpty()) {
            database.write(tx -> {
                alarms.raise(tx, site.place(), Step.INBOX, findings, clock.instant());
                return findings.size();
            });
        }
    }

    /** What is not well with the site itself, since whenever. */
    public List<Finding> standing(Site site) throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (!InboxFolders.nothingRejected(site)) {
            findings.add(
                    new Finding(Findings.REPORT_UNREADABLE, "files of " + site.name() + " still lie in rejected/"));
        }
        database.read(tx -> InboxTable.badLeft(tx, site)).ifPresent(findings::add);
        database.read(tx -> InboxTable.stuck(tx, site)).ifPresent(findings::add);
        if (quarantine.holdsAnyOf(site)) {
            findings.add(new Finding(
                    Findings.REPORT_PUT_ASIDE,
                    "files or records of " + site.name() + " that ended the relay are still put aside"));
        }
        if (!UnmatchedAcks.noneLeft(site)) {
            findings.add(new Finding(
                    Findings.REPORT_ACK_UNMATCHED,
                    "acknowledgements of " + site.name() + " that are for no report still lie in outbox/unmatched/"));
        }
        database.read(tx -> ClockJumps.standing(tx, site, clock)).ifPresent(findings::add);
        findings.addAll(database.read(tx -> DeviceTroubles.standing(tx, site.name(), clock)));
        return findings;
    }

    /** Looks whether the site's own troubles are over. */
    public void check(Site site) throws IOException {
        if (!InboxFolders.nothingRejected(site) || quarantine.holdsAnyOf(site) || !UnmatchedAcks.noneLeft(site)) {
            return;
        }
        database.write(tx -> {
            boolean jumped = ClockJumps.standing(tx, site, clock).isPresent();
            boolean worrying = DeviceDeadlines.anyReported(tx, site.place())
                    || !DeviceTroubles.standing(tx, site.name(), clock).isEmpty();
            boolean takesRequests = !ManagerPush.failedLast(tx, site);
            if (!jumped
                    && InboxTable.stuck(tx, site).isEmpty()
                    && !worrying
                    && takesRequests
                    && !anyWaitsForPath(tx, site)
                    && unnumbered(tx, site).isEmpty()
                    && UnmatchedAcks.allLaidDown(tx, site)) {
                alarms.clear(tx, site.place());
            }
            return 1;
        });
    }

    /** The server answered for this virtual account as it should. */
    public static void answered(Handle tx, ReportIncidents alarms, Place va) {
        if (alarms.stands(tx, va)
                && !anyStandsRejected(tx, va)
                && !anyLacksAck(tx, va)
                && !DeviceDeadlines.anyReported(tx, va)) {
            alarms.clear(tx, va);
        }
    }

    /** The same for each of these once, as often as it is among them. */
    public static void answered(Handle tx, ReportIncidents alarms, Stream<Place> vas) {
        vas.distinct().forEach(va -> answered(tx, alarms, va));
    }

    /** Whether a report of the virtual account is rejected that its device has not replaced since. */
    static boolean anyStandsRejected(Handle tx, Place va) {
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

    /** Places whose reports are held since SSM tells no numbers of them, in order of name. */
    public static List<Place> unnumbered(Handle tx, Site site) {
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
