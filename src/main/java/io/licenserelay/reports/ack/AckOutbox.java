package io.licenserelay.reports.ack;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.Udi;
import io.licenserelay.reports.files.DurableFiles;
import io.licenserelay.reports.files.FileNames;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.ledger.UnmatchedAcks;
import io.licenserelay.store.Database;
import io.licenserelay.text.Plural;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes acknowledgements atomically to the outbox folder: {@code outbox/account/va/ACK_pid_serial_digest.xml}. The
 * ledger has them first, so that a crash loses none: the next call writes what is missing.
 */
public final class AckOutbox {
    private static final Logger LOG = LoggerFactory.getLogger(AckOutbox.class);
    private static final int BATCH_SIZE = 500;

    private final Database database;
    private final FolderCheck folders;

    /** @param folders verifies the outbox folder before it is written */
    public AckOutbox(Database database, FolderCheck folders) {
        this.database = database;
        this.folders = folders;
    }

    private record AckToWrite(String digest, Path file, byte[] ack) {}

    private record UnmatchedAck(String digest, Ack ack) {}

    /**
     * Writes all acknowledgements that have no file yet.
     *
     * @throws IOException when the outbox folder must not be used or cannot be written; the acknowledgements wait
     */
    public synchronized void deliver(Site site) throws IOException {
        folders.requireOutbox(site);
        List<AckToWrite> withoutFile = withoutFile(site);
        while (!withoutFile.isEmpty()) {
            writeFiles(site, withoutFile);
            withoutFile = withoutFile(site);
        }
        for (UnmatchedAck each : unmatchedWithoutFile(site)) {
            Path file = UnmatchedAcks.folder(site).resolve(name(each.ack().udi(), each.digest()));
            DurableFiles.writeAll(Map.of(file, each.ack().bytes()));
            database.write(
                    site.name(),
                    tx -> tx.execute(
                            "UPDATE unmatched_ack SET file = ? WHERE site = ? AND digest = ?",
                            file.toString(),
                            site.name(),
                            each.digest()));
            LOG.warn(
                    "{}: an acknowledgement for {} matches no report: {}",
                    site.name(),
                    each.ack().udi(),
                    file);
        }
    }

    private void writeFiles(Site site, List<AckToWrite> batch) throws IOException {
        Map<Path, byte[]> files = new LinkedHashMap<>();
        batch.forEach(each -> files.put(each.file(), each.ack()));
        DurableFiles.writeAll(files);
        database.write(site.name(), tx -> {
            try (PreparedBatch rows = tx.prepareBatch("UPDATE report SET ack_file = ? WHERE digest = ?")) {
                batch.forEach(each -> rows.add(each.file().toString(), each.digest()));
                return rows.execute().length;
            }
        });
        LOG.info("{}: {} written to the outbox folder", site.name(), Plural.of(batch.size(), "acknowledgement"));
        batch.forEach(each -> LOG.debug("{}: {}", site.name(), each.file()));
    }

    private List<UnmatchedAck> unmatchedWithoutFile(Site site) {
        return database.read(tx -> tx.createQuery("SELECT * FROM unmatched_ack WHERE site = :site AND file IS NULL"
                        + " ORDER BY received_at LIMIT :most")
                .bind("site", site.name())
                .bind("most", BATCH_SIZE)
                .map((row, context) -> {
                    Udi udi = new Udi(row.getString("pid"), row.getString("serial"));
                    return new UnmatchedAck(row.getString("digest"), new Ack(udi, row.getString("ack"), Set.of()));
                })
                .list());
    }

    private List<AckToWrite> withoutFile(Site site) {
        return database.read(tx -> tx.createQuery(
                        "SELECT * FROM report WHERE site = :site"
                                + " AND state = 'acknowledged' AND ack IS NOT NULL AND ack_file IS NULL ORDER BY changed_at LIMIT :most")
                .bind("site", site.name())
                .bind("most", BATCH_SIZE)
                .map((row, context) -> {
                    ReportEntry report = ReportEntry.of(row);
                    Ack ack = new Ack(report.udi(), row.getString("ack"), Set.of());
                    Path file = FileNames.folder(site.reports().outbox(), report.place())
                            .resolve(name(report.udi(), report.digest()));
                    return new AckToWrite(report.digest(), file, ack.bytes());
                })
                .list());
    }

    private static String name(Udi udi, String digest) {
        return "ACK_" + FileNames.encode(udi.pid()) + "_" + FileNames.encode(udi.serial()) + "_"
                + digest.substring(0, 8) + ".xml";
    }
}
