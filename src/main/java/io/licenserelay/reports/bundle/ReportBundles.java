package io.licenserelay.reports.bundle;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.Submission;
import io.licenserelay.reports.files.FileNames;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.ledger.Ledger;
import io.licenserelay.reports.ledger.ReportBatches;
import io.licenserelay.store.Database;
import io.licenserelay.text.Plural;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes waiting reports into bundle files that a person or another system transports: one file per virtual account.
 * The content of a file is recorded in the database before the file is written, so that after a crash the same file is
 * written again.
 */
public final class ReportBundles {
    private static final Logger LOG = LoggerFactory.getLogger(ReportBundles.class);

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Clock deadlines;
    private final ReportBatches batches;
    private final FolderCheck folders;

    /**
     * @param folders verifies the outbox folder before it is written
     * @param deadlines the clock for deadlines; it lags behind the wall clock after the wall clock was set forward
     */
    public ReportBundles(Database database, Ledger ledger, FolderCheck folders, Clock clock, Clock deadlines) {
        this.folders = folders;
        this.deadlines = deadlines;
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.batches = new ReportBatches(ledger);
    }

    /** Writes the site's waiting reports. Without waiting reports it writes no file. */
    public synchronized void write(Site site) throws IOException {
        folders.requireOutbox(site);
        Map<Path, List<Submission>> files = database.write(site.name(), tx -> planFiles(tx, site));
        for (Map.Entry<Path, List<Submission>> each : files.entrySet()) {
            Path file = each.getKey();
            List<UsageBundle.Device> devices = each.getValue().stream()
                    .map(submission -> new UsageBundle.Device(number(submission.id()), submission))
                    .toList();
            String id = each.getValue().get(0).id();
            UsageBundle.write(file, id, devices, digest -> database.read(tx -> content(tx, digest)));
            database.write(site.name(), tx -> submitted(tx, file, each.getValue()));
            LOG.info(
                    "{}: reports of {} are ready for transport: {}",
                    site.name(),
                    Plural.of(devices.size(), "device"),
                    file);
        }
    }

    /** Marks the acknowledgement of a bundle as missing if none was imported within {@code reports.ackWithin}. */
    public void late(Site site) {
        Instant before = deadlines.instant().minus(site.reports().ackWithin());
        database.write(site.name(), tx -> {
            List<String> digests = tx.createQuery(
                            "SELECT r.digest FROM report r JOIN submission s ON s.id = r.submission_id"
                                    + " WHERE s.site = :site AND s.bundle_file IS NOT NULL AND s.settled_at IS NULL"
                                    + " AND s.ack_missing_since IS NULL AND s.answered_at < :before AND r.state IN "
                                    + ReportState.AWAITING_ACK)
                    .bind("site", site.name())
                    .bind("before", before.toEpochMilli())
                    .mapTo(String.class)
                    .list();
            String reason = "no acknowledgement for its bundle arrived in the inbox within "
                    + Plural.of(site.reports().ackWithin().toDays(), "day");
            ledger.note(tx, digests, reason);
            return tx.execute(
                    "UPDATE submission SET ack_missing_since = ? WHERE site = ? AND bundle_file IS NOT NULL"
                            + " AND settled_at IS NULL AND ack_missing_since IS NULL AND answered_at < ?",
                    clock.millis(),
                    site.name(),
                    before.toEpochMilli());
        });
    }

    private Map<Path, List<Submission>> planFiles(Handle tx, Site site) {
        Map<Path, List<Submission>> files = new LinkedHashMap<>();
        Map<Place, Path> newFiles = new LinkedHashMap<>();
        for (Submission each : batches.make(tx, site, false)) {
            Path file = existingFile(tx, each.id());
            if (file == null) {
                file = newFiles.computeIfAbsent(each.place(), place -> newFile(site, place));
            }
            prepare(tx, each, file);
            files.computeIfAbsent(file, none -> new ArrayList<>()).add(each);
        }
        return files;
    }

    private static @Nullable Path existingFile(Handle tx, String id) {
        return tx.createQuery("SELECT bundle_file FROM submission WHERE id = :id AND bundle_file IS NOT NULL")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(Path::of)
                .orElse(null);
    }

    private Path newFile(Site site, Place va) {
        Path folder = FileNames.folder(site.reports().outbox(), va);
        Instant at = clock.instant();
        while (Files.exists(folder.resolve(UsageBundle.name(at)))) {
            at = at.plusMillis(1);
        }
        return folder.resolve(UsageBundle.name(at));
    }

    private void prepare(Handle tx, Submission planned, Path file) {
        planned.prepare(tx, clock.millis());
        tx.execute(
                "UPDATE submission SET bundle_file = ?, bundle_device_number = ? WHERE id = ?",
                file.toString(),
                number(planned.id()),
                planned.id());
    }

    private int submitted(Handle tx, Path file, List<Submission> submissions) {
        String reason =
                "in " + file + ": a person or another system transports it, and puts the ACK bundle into the inbox";
        for (Submission each : submissions) {
            tx.execute(
                    "UPDATE submission SET answered_at = ?, outcome = 'bundled' WHERE id = ?",
                    clock.millis(),
                    each.id());
            ledger.submitted(tx, each.digests(), reason);
        }
        return submissions.size();
    }

    /** Only digits, as in the published sample: the name of an acknowledgement is split at its underscores. */
    private static String number(String submission) {
        return Long.toString(UUID.fromString(submission).getMostSignificantBits() >>> 12);
    }

    private static UsageBundle.Content content(Handle tx, String digest) {
        return tx.createQuery("SELECT payload, header, signature FROM report_content WHERE digest = :digest")
                .bind("digest", digest)
                .map((row, context) -> new UsageBundle.Content(
                        row.getString("payload"), row.getString("header"), row.getString("signature")))
                .one();
    }
}
