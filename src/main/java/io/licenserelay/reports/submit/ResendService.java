package io.licenserelay.reports.submit;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.store.Database;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Queues reports for resending on a user's request. A server that already has a report answers so, and does not count
 * it twice.
 */
public final class ResendService {
    private final Database database;
    private final Ledger ledger;
    private final Function<String, Site> sites;

    /** @param sites finds a site by its name */
    public ResendService(Database database, Ledger ledger, Function<String, Site> sites) {
        this.database = database;
        this.ledger = ledger;
        this.sites = sites;
    }

    /**
     * Queues the report: the next push sends it alone.
     *
     * @return what happens next, as text for people
     * @throws NotResendable when the report is acknowledged, already waits, or cannot be sent
     */
    public String resend(String digest) {
        return database.write(siteOf(digest), tx -> {
            ReportEntry report = ledger.find(tx, digest).orElseThrow(() -> notInLedger(digest));
            if (isContentDeleted(tx, digest)) {
                throw new NotResendable(
                        "The content of the report was deleted after its retention time (reports.keep).");
            }
            Site site = sites.apply(report.place().site());
            switch (report.state()) {
                case ACKNOWLEDGED ->
                    throw new NotResendable("The report is acknowledged; there is nothing to send again.");
                case RECEIVED, HELD ->
                    throw new NotResendable("The report already waits for the next push"
                            + (report.reason() == null ? "." : ": " + report.reason()));
                default -> {
                    if (site.reports().push() == Push.OFF) {
                        throw new NotResendable("reports.push of site " + site.name() + " is off; nothing is sent.");
                    }
                    if (isPolled(tx, report)) {
                        throw new NotResendable(
                                "The server has the report, and the relay polls for its acknowledgement.");
                    }
                    // A sync request to a Manager does not prove that any server has this report.
                    boolean delivered = report.state().awaitsAck() && report.submissionId() != null;
                    ledger.requeue(tx, digest, delivered);
                }
            }
            return "The next push of " + site.name() + " ("
                    + site.reports().push().wireName() + ") sends it.";
        });
    }

    private String siteOf(String digest) {
        return database.read(tx -> ledger.find(tx, digest))
                .orElseThrow(() -> notInLedger(digest))
                .place()
                .site();
    }

    private static NotResendable notInLedger(String digest) {
        return new NotResendable("No report " + digest + " is in the ledger.");
    }

    /**
     * Whether the relay polls for the report. Resending it would discard the poll id that returns its acknowledgement.
     */
    private static boolean isPolled(Handle tx, ReportEntry report) {
        return tx.createQuery("SELECT COUNT(*) FROM submission WHERE id = :id AND poll_id IS NOT NULL"
                                + " AND settled_at IS NULL AND ack_missing_since IS NULL")
                        .bind("id", report.submissionId())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private static boolean isContentDeleted(Handle tx, String digest) {
        return tx.createQuery("SELECT COUNT(*) FROM report WHERE digest = :digest AND content_deleted_at IS NOT NULL")
                        .bind("digest", digest)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }
}
