package io.licenserelay.reports.submit;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.store.Database;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Has reports sent again because somebody says so; a server that had one before says so, and it is not counted twice. */
public final class ResendService {
    private final Database database;
    private final Ledger ledger;
    private final Function<String, Site> sites;

    /** @param sites by name */
    public ResendService(Database database, Ledger ledger, Function<String, Site> sites) {
        this.database = database;
        this.ledger = ledger;
        this.sites = sites;
    }

    /**
     * It goes out with the next push, by itself.
     *
     * @return what happens now
     * @throws NotResendable when it is acknowledged, waits anyway, or cannot go out
     */
    public String resend(String digest) {
        return database.write(tx -> {
            ReportEntry report = ledger.find(tx, digest)
                    .orElseThrow(() -> new NotResendable("No report " + digest + " is in the ledger."));
            if (isGone(tx, digest)) {
                throw new NotResendable("Its content is not kept any more (reports.keep).");
            }
            Site site = sites.apply(report.place().site());
            switch (report.state()) {
                case ACKNOWLEDGED -> throw new NotResendable("It is acknowledged; there is nothing to send again.");
                case RECEIVED, HELD ->
                    throw new NotResendable("It waits for the next push anyway"
                            + (report.reason() == null ? "." : ": " + report.reason()));
                default -> {
                    if (site.reports().push() == Push.OFF) {
                        throw new NotResendable("reports.push of site " + site.name() + " is off; nothing is sent.");
                    }
                    if (isRequested(tx, report)) {
                        throw new NotResendable("The server has it and is asked for its acknowledgement.");
                    }
                    // That a Manager was asked to sync does not say that any server has this report.
                    boolean delivered = report.state().awaitsAck() && report.submissionId() != null;
                    ledger.again(tx, digest, delivered);
                }
            }
            return "It goes out with the next push of " + site.name() + " ("
                    + site.reports().push().wireName() + ").";
        });
    }

    /** Sending it again would throw away the poll id under which its acknowledgement will come. */
    private static boolean isRequested(Handle tx, ReportEntry report) {
        return tx.createQuery("SELECT COUNT(*) FROM submission WHERE id = :id AND poll_id IS NOT NULL"
                                + " AND settled_at IS NULL AND ack_missing_since IS NULL")
                        .bind("id", report.submissionId())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private static boolean isGone(Handle tx, String digest) {
        return tx.createQuery("SELECT COUNT(*) FROM report WHERE digest = :digest AND content_deleted_at IS NOT NULL")
                        .bind("digest", digest)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }
}
