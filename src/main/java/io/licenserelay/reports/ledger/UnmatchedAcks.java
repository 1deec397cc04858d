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
 * Acknowledgements that are for no report that is known here. Each is kept, lies in {@code outbox/unmatched/} until somebody
 * takes it away, and is an incident of the site until then.
 */
public final class UnmatchedAcks {
    private final ReportIncidents alarms;
    private final Clock clock;

    public UnmatchedAcks(ReportIncidents alarms, Clock clock) {
        this.alarms = alarms;
        this.clock = clock;
    }

    /** One that came before and comes again is told once. */
    public void keep(Handle tx, Submission submission, List<Ack> acks) {
        String where = "the answer to a poll for " + submission.udi() + " (" + submission.place() + ")";
        keep(tx, Place.site(submission.place().site()), where, acks);
    }

    /** @param where they came, for people */
    public void keep(Handle tx, Place site, String where, List<Ack> acks) {
        for (Ack ack : acks) {
            int fresh = tx.execute(
                    "INSERT INTO unmatched_ack (site, digest, pid, serial, ack, received_at) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (site, digest) DO NOTHING",
                    site.site(),
                    Digests.sha256(ack.bytes()),
                    ack.udi().pid(),
                    ack.udi().serial(),
                    ack.base64(),
                    clock.millis());
            if (fresh > 0) {
                String message = where + " holds an acknowledgement for " + ack.udi()
                        + " that is for no report; it lies in outbox/unmatched/";
                List<Finding> findings = List.of(new Finding(Findings.REPORT_ACK_UNMATCHED, message));
                alarms.raise(tx, site, Step.POLL, findings, clock.instant());
            }
        }
    }

    /** Where they lie. */
    public static Path folder(Site site) {
        return site.reports().outbox().resolve("unmatched");
    }

    /** Whether every one that came lies in the folder, or lay there. */
    public static boolean allLaidDown(Handle tx, Site site) {
        return tx.createQuery("SELECT COUNT(*) FROM unmatched_ack WHERE site = :site AND file IS NULL")
                        .bind("site", site.name())
                        .mapTo(Long.class)
                        .one()
                == 0;
    }

    /** Whether somebody has looked after every one that lay there, and taken it away. */
    public static boolean noneLeft(Site site) throws IOException {
        Path folder = folder(site);
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.noneMatch(Files::isRegularFile);
        }
    }
}
