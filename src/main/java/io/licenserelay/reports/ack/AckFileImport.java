package io.licenserelay.reports.ack;

import io.licenserelay.config.site.Site;
import io.licenserelay.event.Digests;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Udi;
import io.licenserelay.reports.format.AckFile;
import io.licenserelay.reports.health.PushHealth;
import io.licenserelay.reports.ledger.AckMatcher;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.ledger.UnmatchedAcks;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Imports acknowledgement files from an inbox and matches them with the reports of usage bundles. Used within one
 * transaction.
 */
public final class AckFileImport {
    private final Ledger ledger;
    private final ReportIncidents incidents;
    private final Clock clock;
    private final AckMatcher matcher;
    private final UnmatchedAcks unmatched;

    public AckFileImport(Ledger ledger, ReportIncidents incidents, Clock clock) {
        this.ledger = ledger;
        this.incidents = incidents;
        this.clock = clock;
        this.matcher = new AckMatcher(ledger);
        this.unmatched = new UnmatchedAcks(incidents, clock);
    }

    /**
     * Imports an acknowledgement. A known acknowledgement changes nothing. One that matches no report is kept and
     * raises an incident.
     */
    public void importAck(Handle tx, Site site, AckFile file, String origin) {
        Ack named = Ack.of(new Udi("unknown", "unknown"), file.base64(), "");
        if (isKnown(tx, site, named)) {
            return;
        }
        Optional<BundledSubmission> bundled = bundled(tx, site, file);
        Udi udi = bundled.map(BundledSubmission::udi)
                .or(() -> reported(tx, named))
                .or(() -> Optional.ofNullable(file.udi()))
                .orElse(named.udi());
        Ack ack = new Ack(udi, named.base64(), named.digests());
        List<ReportEntry> waiting = waiting(
                tx, site, udi, bundled.map(BundledSubmission::submission).orElse(null));
        List<String> digests = waiting.stream().map(ReportEntry::digest).toList();
        List<Ack> unmatchedAcks =
                matcher.match(tx, site.place(), udi, digests, List.of(ack)).unmatched();
        unmatched.store(tx, site.place(), origin + " in the inbox", unmatchedAcks);
        settle(tx, site);
        PushHealth.answered(
                tx, incidents, waiting.stream().map(ReportEntry::place).filter(place -> place.va() != null));
    }

    private static boolean isKnown(Handle tx, Site site, Ack ack) {
        return tx.createQuery("SELECT COUNT(*) FROM report WHERE site = :site AND ack_digest = :digest")
                        .bind("site", site.name())
                        .bind("digest", Digests.sha256(ack.bytes()))
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** The submission of one device that a usage bundle numbered. Its acknowledgement has the same number. */
    private record BundledSubmission(String submission, Udi udi) {}

    private static Optional<BundledSubmission> bundled(Handle tx, Site site, AckFile file) {
        return tx.createQuery(
                        "SELECT id, pid, serial FROM submission WHERE site = :site AND bundle_device_number = :number LIMIT 1")
                .bind("site", site.name())
                .bind("number", file.deviceNumber())
                .map((row, context) -> new BundledSubmission(
                        row.getString("id"), new Udi(row.getString("pid"), row.getString("serial"))))
                .findOne();
    }

    /** The device whose report the acknowledgement names by its digest. */
    private Optional<Udi> reported(Handle tx, Ack named) {
        return ledger.find(tx, named.digests()).stream().map(ReportEntry::udi).findFirst();
    }

    /**
     * Reports that await an acknowledgement, and reports whose acknowledgement is known only from the device's status.
     *
     * @param submission the submission of the acknowledgement; null if it names none
     */
    private static List<ReportEntry> waiting(Handle tx, Site site, Udi udi, @Nullable String submission) {
        return tx.createQuery("SELECT * FROM report WHERE site = :site AND pid = :pid AND serial = :serial"
                        + " AND (state IN " + ReportState.AWAITING_ACK + " OR (state = 'acknowledged' AND ack IS NULL))"
                        + " AND (CAST(:submission AS TEXT) IS NULL OR submission_id = :submission)"
                        + " ORDER BY received_at, starts_at NULLS FIRST, digest")
                .bind("site", site.name())
                .bind("pid", udi.pid())
                .bind("serial", udi.serial())
                .bind("submission", submission)
                .map((row, context) -> ReportEntry.of(row))
                .list();
    }

    private void settle(Handle tx, Site site) {
        tx.execute(
                "UPDATE submission SET outcome = 'acknowledged', settled_at = ?, ack_missing_since = NULL"
                        + " WHERE site = ? AND bundle_file IS NOT NULL AND answered_at IS NOT NULL AND settled_at IS NULL"
                        + " AND NOT EXISTS (SELECT 1 FROM report r WHERE r.submission_id = submission.id"
                        + " AND r.state <> 'acknowledged')",
                clock.millis(),
                site.name());
    }
}
