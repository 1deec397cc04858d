package io.licenserelay.incident.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Settings;
import io.licenserelay.event.Digests;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.Database;
import io.licenserelay.store.OwnerOnly;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one file per incident with all its evidence, which can be sent to others and read without the relay. The
 * database determines which files have to exist: after a crash the next call writes missing files with the same bytes.
 * Thread-safe.
 */
public final class EvidenceBundles {
    static final String EVENT = "event.json";
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceBundles.class);
    private static final String SUFFIX = ".tar.gz";

    /** A bundle has the evidence of the trigger and of this number of newest events. */
    private static final int NEWEST = 19;

    private static final long MAX_CAPTURE_SIZE = 8L << 20;
    private static final int BATCH_SIZE = 100;

    private final Database database;
    private final Path folder;
    private final Settings.Bundles limits;
    private final Supplier<Map<String, String>> versions;
    private final Clock clock;
    private final Clock deadlines;

    /**
     * @param folder the folder of the bundles; created when needed
     * @param versions the versions in every manifest: relay, and digests of configuration and rules; read at each use
     * @param deadlines the clock for retention; it lags behind the wall clock after the wall clock was set forward
     */
    public EvidenceBundles(
            Database database,
            Path folder,
            Settings.Bundles limits,
            Supplier<Map<String, String>> versions,
            Clock clock,
            Clock deadlines) {
        this.deadlines = deadlines;
        this.database = database;
        this.folder = folder;
        this.limits = limits;
        this.versions = versions;
        this.clock = clock;
    }

    /** The file of an incident, which may not exist. */
    public Path file(String incident) {
        return file(folder, incident);
    }

    public static Path file(Path folder, String incident) {
        return folder.resolve(incident + SUFFIX);
    }

    /** Writes due files and removes old ones. A write error is logged, and the next call tries again. */
    public synchronized void catchUp() {
        try {
            for (Due due : due()) {
                if (database.owns(due.site)) {
                    write(due);
                }
            }
            prune();
        } catch (IOException | UncheckedIOException | StoreFailed e) {
            LOG.warn("Cannot write evidence bundles to {}: {}; the next check tries again", folder, e.toString());
        }
    }

    private List<Due> due() {
        return database.read(
                tx -> tx.createQuery("SELECT i.id, i.site, i.dedup_key, i.flow, i.last_data, e.newest FROM incident i"
                                + " JOIN (SELECT incident_id, MAX(sequence) AS newest FROM evidence GROUP BY incident_id) e"
                                + " ON e.incident_id = i.id LEFT JOIN evidence_bundle b ON b.incident_id = i.id"
                                + " WHERE b.sequence IS NULL OR e.newest > b.sequence ORDER BY i.id LIMIT "
                                + BATCH_SIZE)
                        .map((row, context) -> new Due(
                                row.getString("id"),
                                row.getString("site"),
                                row.getString("dedup_key"),
                                row.getString("flow"),
                                row.getString("last_data"),
                                row.getLong("newest")))
                        .list());
    }

    private void write(Due due) throws IOException {
        List<Row> rows = database.read(tx -> tx.createQuery(
                        "SELECT sequence, body FROM evidence"
                                + " WHERE incident_id = :id AND sequence <= :newest AND (sequence = 0 OR sequence > :after) ORDER BY sequence")
                .bind("id", due.id)
                .bind("newest", due.newest)
                .bind("after", due.newest - NEWEST)
                .map((row, context) -> new Row(row.getLong("sequence"), row.getString("body")))
                .list());
        byte[] bytes = file(due, rows).bytes();
        OwnerOnly.createDirectories(folder);
        AtomicFiles.write(file(due.id), bytes);
        String digest = Digests.sha256(bytes);
        database.write(
                due.site,
                tx -> tx.execute(
                        "INSERT INTO evidence_bundle (incident_id, sequence, sha256, bytes, written_at) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (incident_id) DO UPDATE SET sequence = excluded.sequence,"
                                + " sha256 = excluded.sha256, bytes = excluded.bytes, written_at = excluded.written_at",
                        due.id,
                        due.newest,
                        digest,
                        bytes.length,
                        clock.instant().toEpochMilli()));
        LOG.info("The evidence of incident {} is in {} (sha256 {})", due.id, file(due.id), digest);
    }

    private EvidenceArchive file(Due due, List<Row> rows) throws IOException {
        ObjectNode about = JsonNodeFactory.instance.objectNode();
        about.put("incident", due.id)
                .put("dedupKey", due.key)
                .put("flow", due.flow)
                .put("sequence", due.newest);
        ObjectNode written = about.putObject("versions");
        versions.get().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> written.put(each.getKey(), each.getValue()));
        EvidenceArchive file = new EvidenceArchive(about).add(EVENT, due.lastData);
        for (Row row : rows) {
            file.add(evidenceName(row.sequence), row.body);
        }
        // The newest log lines also as plain text, for readers without a JSON tool.
        for (JsonNode log : Json.MAPPER.readTree(rows.get(rows.size() - 1).body).path("logs")) {
            StringBuilder lines = new StringBuilder();
            log.path("lines").forEach(line -> lines.append(line.asText()).append('\n'));
            file.add(
                    "logs/" + log.path("source").asText().replaceAll("[^A-Za-z0-9_-]", "_") + ".log", lines.toString());
        }
        addCaptures(file, Json.MAPPER.readTree(rows.get(rows.size() - 1).body));
        return file;
    }

    /** Adds captures that still exist and match the digest in the evidence. */
    private void addCaptures(EvidenceArchive file, JsonNode evidence) throws IOException {
        for (JsonNode probe : evidence.path("probes")) {
            String name = probe.at("/details/file").asText();
            Path capture = folder.resolve("captures").resolve(name);
            boolean usable = probe.path("probe").asText().equals("capture")
                    && name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")
                    && Files.isRegularFile(capture)
                    && Files.size(capture) <= MAX_CAPTURE_SIZE;
            byte[] bytes = usable ? Files.readAllBytes(capture) : new byte[0];
            if (usable
                    && Digests.sha256(bytes).equals(probe.at("/details/sha256").asText())) {
                file.add("captures/" + name, bytes);
            }
        }
    }

    public static String evidenceName(long sequence) {
        return String.format(Locale.ROOT, "evidence/%06d.json", sequence);
    }

    /** Removes the oldest files first. Incomplete files of a crash are removed at once. */
    private void prune() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<StoredBundle> bundles;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path part : all) {
                if (part.toString().endsWith(SUFFIX + AtomicFiles.PART)) {
                    Files.deleteIfExists(part);
                }
            }
            bundles = all.stream()
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .map(StoredBundle::of)
                    .sorted(Comparator.comparing(StoredBundle::at).reversed())
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

    private record Due(String id, String site, String key, String flow, String lastData, long newest) {}

    private record Row(long sequence, String body) {}

    private record StoredBundle(Path file, Instant at, long bytes) {
        static StoredBundle of(Path file) {
            try {
                return new StoredBundle(file, Files.getLastModifiedTime(file).toInstant(), Files.size(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
