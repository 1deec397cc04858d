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
 * Asks a site's SD-WAN Manager to sync. The request is recorded before it is sent, its outcome after. The Manager then
 * reports the usage of its own devices and receives no report from the relay. A waiting report therefore becomes
 * {@code requested}: the Manager was asked to sync, which proves nothing about this report. A repeated request is
 * harmless. Thread-safe.
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
     * Plans and records one request for all virtual accounts that SSM lists for the site. Reports whose place or
     * numeric ids are unknown are held.
     *
     * @param history the Manager's syncs so far
     * @return null if SSM listed no virtual account with its numeric ids, so that there is nothing to request
     */
    public @Nullable ManagerSyncRequest begin(Site site, @Body ManagerSyncHistory history) {
        return database.write(site.name(), tx -> plan(tx, site, history)).orElse(null);
    }

    private Optional<ManagerSyncRequest> plan(Handle tx, Site site, ManagerSyncHistory history) {
        ManagerSyncRecord.newest(tx, site)
                .filter(ManagerSyncRecord::isOpen)
                .ifPresent(request ->
                        lost(tx, request.id(), request.requestedAt(), "the relay ended before an answer arrived"));
        List<String> waiting = batches.make(tx, site, true).stream()
                .flatMap(submission -> submission.digests().stream())
                .toList();
        List<Numbered> listed = places.numbered(tx, site.place());
        if (listed.isEmpty()) {
            LOG.warn(
                    "{}: the SD-WAN Manager is not asked to sync: SSM lists no virtual account with its numeric ids",
                    site.name());
            return Optional.empty();
        }
        String id = ManagerSyncRecord.begin(tx, site, clock.instant(), history);
        waiting.forEach(digest -> tx.execute("UPDATE report SET manager_request_id = ? WHERE digest = ?", id, digest));
        return Optional.of(new ManagerSyncRequest(id, listed, acks.waiting(tx, site)));
    }

    /** Records the outcome of the request. */
    public void settle(@Body ManagerSyncAnswer answer, ManagerSyncRequest asking, Site site) {
        database.write(site.name(), tx -> {
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
        ledger.requested(tx, waiting(tx, id), requestNote(at, "no sync was observed yet"));
    }

    private void refused(Handle tx, String id, String message) {
        ManagerSyncRecord.failed(tx, id, "refused", message, clock.instant());
        String why = "the SD-WAN Manager could not be asked to sync: " + message;
        ledger.note(tx, waiting(tx, id), why);
    }

    private void lost(Handle tx, String id, Instant at, String message) {
        ManagerSyncRecord.failed(tx, id, "lost", message, clock.instant());
        String why = "the SD-WAN Manager was asked to sync at " + at
                + ", but no answer arrived: the Manager may sync anyway; the next push asks it again";
        ledger.note(tx, waiting(tx, id), why);
    }

    /** Whether the Manager accepted the request and no later sync was observed yet. */
    public boolean awaits(ManagerSyncRequest asking) {
        return database.read(tx -> ManagerSyncRecord.find(tx, asking.id()))
                .filter(request -> request.isTaken() && request.readBack() == null)
                .isPresent();
    }

    /** Records the observed result of the newest accepted request, on the request and on its reports. */
    public void readBack(@Body ManagerSyncHistory history, Site site) {
        database.write(site.name(), tx -> {
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

    /** Whether the last request to the site's Manager failed. */
    public static boolean failedLast(Handle tx, Site site) {
        return site.reports().push() == Site.Reports.Push.MANAGER
                && ManagerSyncRecord.newest(tx, site)
                        .filter(request -> !request.isOpen() && !request.isTaken())
                        .isPresent();
    }

    private static String requestNote(Instant at, String readBack) {
        return "the SD-WAN Manager was asked to sync at " + at + ", which proves nothing about this report; "
                + readBack;
    }

    /** The reports of the request that still wait. Reports that changed state during the request are excluded. */
    private static List<String> waiting(Handle tx, String id) {
        return tx.createQuery(
                        "SELECT digest FROM report WHERE manager_request_id = :id AND state IN ('received', 'held')"
                                + " ORDER BY received_at, digest")
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }
}
