package io.licenserelay.incident.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Settings;
import io.licenserelay.event.Digests;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles of a cluster: any machine makes them from the database when somebody asks for them. The database has the evidence
 * anyway; this class adds the captures, which only the node that collected them has as files. Thread-safe.
 */
public final class DatabaseBundles implements EvidenceBundles {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseBundles.class);
    private static final int BATCH_SIZE = 100;

    private final Database database;
    private final CaptureFolder files;
    private final Settings.Bundles limits;
    private final Supplier<Map<String, String>> versions;
    private final Clock clock;
    private final Clock deadlines;

    /**
     * @param evidence the folder of this node that has the captures
     * @param limits the limits of all captures in the database
     * @param versions the versions in every manifest: relay, and digests of configuration and rules; read at each use
     * @param deadlines the clock for retention
     */
    public DatabaseBundles(
            Database database,
            Path evidence,
            Settings.Bundles limits,
            Supplier<Map<String, String>> versions,
            Clock clock,
            Clock deadlines) {
        this.database = database;
        this.files = CaptureFolder.in(evidence);
        this.limits = limits;
        this.versions = versions;
        this.clock = clock;
        this.deadlines = deadlines;
    }

    @Override
    public BundleReference reference() {
        return new BundleReference.InDatabase();
    }

    @Override
    public synchronized void catchUp() {
        try {
            for (BundledIncident due : database.read(tx -> BundledIncident.due(tx, BATCH_SIZE))) {
                if (database.owns(due.site())) {
                    keep(due);
                }
            }
            if (database.owns(Database.RELAY)) {
                long oldest = deadlines.instant().minus(limits.age()).toEpochMilli();
                database.write(Database.RELAY, tx -> StoredCaptures.prune(tx, limits, oldest));
            }
        } catch (IOException | StoreFailed e) {
            LOG.warn("Cannot store the captures of evidence: {}; the next check tries again", e.toString());
        }
    }

    private void keep(BundledIncident due) throws IOException {
        ObjectNode used = EvidenceArchive.versions(versions.get());
        BundleContent.Made made = BundleContent.make(database, due, used, files);
        byte[] bytes = made.bytes();
        long now = clock.millis();
        database.write(due.site(), tx -> {
            due.record(tx, used.toString(), Digests.sha256(bytes), bytes.length, now);
            return StoredCaptures.replace(tx, due, made.captures(), now);
        });
        LOG.info(
                "The evidence of incident {} is in the database: license-relay incidents bundle {}",
                due.id(),
                due.id());
    }
}
