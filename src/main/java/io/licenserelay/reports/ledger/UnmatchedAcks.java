package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.event.Digests;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Acknowledgements that match no report in the ledger. Each is stored and written to {@code outbox/unmatched/}. It
 * remains an incident of the site until an operator removes the file.
 */
public final class UnmatchedAcks {
    private final ReportIncidents incidents;
    private final Clock clock;

    public UnmatchedAcks(ReportIncidents incidents, Clock clock) {
        this.incidents = incidents;
        this.clock = clock;
    }

    /** Stores acknowledgements. A repeated acknowledgement is reported once. */
    public void store(Handle tx, Submission submission, List<Ack> acks) {
        String origin = "the answer to a poll for " + submission.udi() + " (" + submission.place() + ")";
        store(tx, Place.site(submission.place().site()), origin, acks);
    }

    /** @param origin the origin, as text for people */
    public void store(Handle tx, Place site, String origin, List<Ack> acks) {
        for (Ack ack : acks) {
            int inserted = tx.execute(
                    "INSERT INTO unmatched_ack (site, digest, pid, serial, ack, received_at) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (site, digest) DO NOTHING",
                    site.site(),
                    Digests.sha256(ack.bytes()),
                    ack.udi().pid(),
                    ack.udi().serial(),
                    ack.base64(),
                    clock.millis());
            if (inserted > 0) {
                String message = origin + " contains an acknowledgement for " + ack.udi()
                        + " that matches no report; it is in outbox/unmatched/";
                List<Finding> findings = List.of(new Finding(Findings.REPORT_ACK_UNMATCHED, message));
                incidents.raise(tx, site, Step.POLL, findings, clock.instant());
            }
        }
    }

    /** The folder of unmatched acknowledgements. */
    public static Path folder(Site site) {
        return site.reports().outbox().resolve("unmatched");
    }

    /** Whether every stored acknowledgement was written to the folder. */
    public static boolean allWritten(Handle tx, Site site) {
        return tx.createQuery("SELECT COUNT(*) FROM unmatched_ack WHERE site = :site AND file IS NULL")
                        .bind("site", site.name())
                        .mapTo(Long.class)
                        .one()
                == 0;
    }

    /** Whether an operator has removed every file from the folder. */
    public static boolean isFolderEmpty(Site site) throws IOException {
        Path folder = folder(site);
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.noneMatch(Files::isRegularFile);
        }
    }
}
