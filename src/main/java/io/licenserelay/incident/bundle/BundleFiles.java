package io.licenserelay.incident.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Settings;
import io.licenserelay.event.Digests;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.Database;
import io.licenserelay.store.OwnerOnly;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one file per incident with all its evidence. The database determines which files have to exist: after a crash the
 * next call writes missing files with the same bytes. Thread-safe.
 */
public final class BundleFiles implements EvidenceBundles {
    private static final Logger LOG = LoggerFactory.getLogger(BundleFiles.class);
    private static final String SUFFIX = ".tar.gz";
    private static final int BATCH_SIZE = 100;

    private final Database database;
    private final Path folder;
    private final BundleReference.InFolder reference;
    private final Settings.Bundles limits;
    private final Supplier<Map<String, String>> versions;
    private final Clock clock;
    private final Clock deadlines;

    /**
     * @param folder the folder of the bundles; created when needed
     * @param versions the versions in every manifest: relay, and digests of configuration and rules; read at each use
     * @param deadlines the clock for retention; it lags behind the wall clock after the wall clock was set forward
     */
    public BundleFiles(
            Database database,
            Path folder,
            Settings.Bundles limits,
            Supplier<Map<String, String>> versions,
            Clock clock,
            Clock deadlines) {
        this.deadlines = deadlines;
        this.database = database;
        this.folder = folder;
        this.reference = new BundleReference.InFolder(folder);
        this.limits = limits;
        this.versions = versions;
        this.clock = clock;
    }

    @Override
    public BundleReference reference() {
        return reference;
    }

    @Override
    public synchronized void catchUp() {
        try {
            for (BundledIncident due : database.read(tx -> BundledIncident.due(tx, BATCH_SIZE))) {
                if (database.owns(due.site())) {
                    write(due);
                }
            }
            prune();
        } catch (IOException | UncheckedIOException | StoreFailed e) {
            LOG.warn("Cannot write evidence bundles to {}: {}; the next check tries again", folder, e.toString());
        }
    }

    private void write(BundledIncident due) throws IOException {
        ObjectNode used = EvidenceArchive.versions(versions.get());
        byte[] bytes = BundleContent.make(database, due, used, CaptureFolder.in(folder))
                .bytes();
        OwnerOnly.createDirectories(folder);
        Path file = reference.file(due.id());
        AtomicFiles.write(file, bytes);
        String digest = Digests.sha256(bytes);
        database.write(due.site(), tx -> due.record(tx, used.toString(), digest, bytes.length, clock.millis()));
        LOG.info("The evidence of incident {} is in {} (sha256 {})", due.id(), file, digest);
    }

    /** Removes the oldest files first. Incomplete files of a crash are removed at once. */
    private void prune() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<BundleFile> bundles;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path part : all) {
                if (part.toString().endsWith(SUFFIX + AtomicFiles.PART)) {
                    Files.deleteIfExists(part);
                }
            }
            bundles = all.stream()
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .map(BundleFile::of)
                    .sorted(Comparator.comparing(BundleFile::at).reversed())
                    .toList();
        }
        Instant oldest = deadlines.instant().minus(limits.age());
        long bytes = 0;
        for (int i = 0; i < bundles.size(); i++) {
            bytes += bundles.get(i).bytes;
            // The newest file always stays, because someone may be about to read it.
            if (i > 0
                    && (i >= limits.count()
                            || bytes > limits.bytes()
                            || bundles.get(i).at.isBefore(oldest))) {
                Files.deleteIfExists(bundles.get(i).file);
                LOG.info("Removed {}: a limit of relay.evidence is reached", bundles.get(i).file);
            }
        }
    }

    private record BundleFile(Path file, Instant at, long bytes) {
        static BundleFile of(Path file) {
            try {
                return new BundleFile(file, Files.getLastModifiedTime(file).toInstant(), Files.size(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
