package io.licenserelay.reports.manager;

import io.licenserelay.config.site.Site;
import io.licenserelay.inventory.Places;
import io.licenserelay.inventory.Places.Numbered;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.ledger.ReportBatches;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Body;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a site's SD-WAN Manager sync: the request is written down before it leaves, and what came of it after. The Manager then reports the
 * usage of its own devices by itself, and gets no report of ours; so a report becomes {@code requested}, which says that the Manager was
 * asked while the report waited, and nothing of the report itself. Asking again is harmless. Thread-safe.
 */
public final class ManagerPush {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerPush.class);

    private final Database database;
    private final Ledger ledger;
    private final Redactor redactor;
    private final Clock clock;
    private final ReportBatches batches;
    private final ManagerAcks acks;
    private final Places places = new Places();

    public ManagerPush(Database database, Ledger ledger, Redactor redactor, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.redactor = redactor;
        this.clock = clock;
        this.batches = new ReportBatches(ledger);
        this.acks = new ManagerAcks(redactor, clock);
    }

    /**
     * Plans and writes down one request for all that SSM lists of the site; reports whose place or numbers are not known are held.
     *
     * @param history of the Manager's syncs so far
     * @return null when SSM listed no virtual account with its numbers, so that there is nothing to ask for
     */
    public @Nullable ManagerSyncRequest begin(Site site, @Body ManagerSyncHistory history) {
        return database.write(tx -> plan(tx, site, history)).orElse(null);
    }

    private Optional<ManagerSyncRequest> plan(Handle tx, Site site, ManagerSyncHistory history) {
        ManagerSyncRecord.newest(tx, site)
                .filter(ManagerSyncRecord::isOpen)
                .ifPresent(request ->
                        lost(tx, request.id(), request.requestedAt(), "the relay ended before an answer came"));
        List<String> waiting = batches.make(tx, site, true).stream()
                .flatMap(submission -> submission.digests().stream())
                .toList();
        List<Numbered> listed = places.numbered(tx, site.place());
        if (listed.isEmpty()) {
            LOG.warn(
                    "{}: the SD-WAN Manager is not asked to sync: SSM lists no virtual account with its numbers",
                    site.name());
            return Optional.empty();
        }
        String id = ManagerSyncRecord.begin(tx, site, clock.instant(), history);
        waiting.forEach(digest -> tx.execute("UPDATE report SET manager_request_id = ? WHERE digest = ?", id, digest));
        return Optional.of(new ManagerSyncRequest(id, listed, acks.waiting(tx, site)));
    }

    /** What came of it. */
    public void settle(@Body ManagerSyncAnswer answer, ManagerSyncRequest asking, Site site) {
        database.write(tx -> {
            Instant at = asking.sentAt().orElseGet(clock::instant);
            ManagerSyncRecord.sent(tx, asking.id(), at);
            if (answer instanceof ManagerSyncAnswer.Taken taken) {
                taken(tx, asking.id(), at, taken.mode());
            } else if (answer instanceof ManagerSyncAnswer.Refused refused) {
                refused(tx, asking.id(), redactor.redact(refused.message()));
            } else if (answer instanceof ManagerSyncAnswer.Lost lost) {
                lost(tx, asking.id(), at, redactor.redact(lost.message()));
            }
            acks.settle(tx, site, asking.handings());
            return 1;
        });
    }

    private void taken(Handle tx, String id, Instant at, String mode) {
        ManagerSyncRecord.taken(tx, id, mode, clock.instant());
        ledger.requested(tx, waiting(tx, id), requestNote(at, "nothing was read back yet"));
    }

    private void refused(Handle tx, String id, String message) {
        ManagerSyncRecord.failed(tx, id, "refused", message, clock.instant());
        String why = "the SD-WAN Manager could not be asked to sync: " + message;
        ledger.note(tx, waiting(tx, id), why);
    }

    private void lost(Handle tx, String id, Instant at, String message) {
        ManagerSyncRecord.failed(tx, id, "lost", message, clock.instant());
        String why = "the SD-WAN Manager was asked to sync at " + at
                + ", and no answer came: it may sync all the same; it is asked again";
        ledger.note(tx, waiting(tx, id), why);
    }

    /** Whether the Manager took the request, and nothing is known yet of a sync after it. */
    public boolean awaits(ManagerSyncRequest asking) {
        return database.read(tx -> ManagerSyncRecord.find(tx, asking.id()))
                .filter(request -> request.isTaken() && request.readBack() == null)
                .isPresent();
    }

    /** What is seen of the newest request the Manager took stands on it, and on the reports that were requested with it. */
    public void readBack(@Body ManagerSyncHistory history, Site site) {
        database.write(tx -> {
            ManagerSyncRecord.newest(tx, site)
                    .filter(ManagerSyncRecord::isTaken)
                    .ifPresent(request -> readBack(tx, request, history));
            return 1;
        });
    }

    private void readBack(Handle tx, ManagerSyncRecord request, ManagerSyncHistory history) {
        String result = request.resultAfter(history);
        if (result == null || result.equals(request.readBack())) {
            return;
        }
        ManagerSyncRecord.readBack(tx, request.id(), result, clock.instant());
        List<String> requested = tx.createQuery(
                        "SELECT digest FROM report WHERE manager_request_id = :id AND state = 'requested'")
                .bind("id", request.id())
                .mapTo(String.class)
                .list();
        ledger.note(tx, requested, requestNote(request.requestedAt(), result));
    }

    /** Whether the site's Manager was asked in vain when it was last asked. */
    public static boolean failedLast(Handle tx, Site site) {
        return site.reports().push() == Site.Reports.Push.MANAGER
                && ManagerSyncRecord.newest(tx, site)
                        .filter(request -> !request.isOpen() && !request.isTaken())
                        .isPresent();
    }

    private static String requestNote(Instant at, String readBack) {
        return "the SD-WAN Manager was asked to sync at " + at + ", and says nothing of this report; " + readBack;
    }

    /** The reports that wait for the request, but for those that something else became of meanwhile. */
    private static List<String> waiting(Handle tx, String id) {
        return tx.createQuery(
                        "SELECT digest FROM report WHERE manager_request_id = :id AND state IN ('received', 'held')"
                                + " ORDER BY received_at, digest")
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }
}
