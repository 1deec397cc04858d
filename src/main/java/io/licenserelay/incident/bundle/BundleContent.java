package io.licenserelay.incident.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.event.Digests;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes the bundle of an incident from the database, which has everything but the captures. */
public final class BundleContent {
    static final String EVENT = "event.json";

    /** A bundle has the evidence of the trigger and of this number of newest events. */
    private static final int NEWEST = 19;

    private BundleContent() {}

    /**
     * The bytes of a bundle.
     *
     * @param incident the id of its incident
     */
    public record Bundle(String incident, byte[] bytes) {}

    /**
     * What a bundle is made of, and the captures in it by name.
     *
     * @param bytes of the bundle
     */
    record Made(byte[] bytes, Map<String, byte[]> captures) {}

    /**
     * Makes a bundle now.
     *
     * @param name the id of the incident, or the key of its records with or without {@code license-relay/}
     * @param evidence the folder of the captures, for a database that only this machine uses
     * @return empty if no incident with evidence has this name
     * @throws IOException if a capture cannot be read
     */
    public static Optional<Bundle> of(Database database, String name, Path evidence) throws IOException {
        Optional<BundledIncident> found = database.read(tx -> BundledIncident.find(tx, name));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        BundledIncident incident = found.get();
        String versions = incident.versions();
        ObjectNode known = JsonNodeFactory.instance.objectNode();
        if (versions != null) {
            known.setAll((ObjectNode) Json.stored(versions, "the versions of a bundle"));
        }
        Captures captures = database.isShared() ? new StoredCaptures(database) : CaptureFolder.in(evidence);
        return Optional.of(new Bundle(
                incident.id(), make(database, incident, known, captures).bytes()));
    }

    static Made make(Database database, BundledIncident incident, ObjectNode versions, Captures captures)
            throws IOException {
        List<StoredBody> bodies = bodies(database, incident);
        JsonNode newest = Json.MAPPER.readTree(bodies.get(bodies.size() - 1).body);
        ObjectNode about = JsonNodeFactory.instance.objectNode();
        about.put("incident", incident.id())
                .put("dedupKey", incident.key())
                .put("flow", incident.flow())
                .put("sequence", incident.newest());
        about.set("versions", versions);
        List<String> missing = new ArrayList<>();
        Map<String, byte[]> found = captures(incident, newest, captures, missing);
        if (!missing.isEmpty()) {
            about.set("missing", Json.MAPPER.valueToTree(missing));
        }
        EvidenceArchive file = new EvidenceArchive(about).add(EVENT, incident.lastData());
        for (StoredBody each : bodies) {
            file.add(entryName(each.sequence), each.body);
        }
        // The newest log lines also as plain text, for readers without a JSON tool.
        for (JsonNode log : newest.path("logs")) {
            StringBuilder lines = new StringBuilder();
            log.path("lines").forEach(line -> lines.append(line.asText()).append('\n'));
            file.add(
                    "logs/" + log.path("source").asText().replaceAll("[^A-Za-z0-9_-]", "_") + ".log", lines.toString());
        }
        found.forEach((name, bytes) -> file.add("captures/" + name, bytes));
        return new Made(file.bytes(), found);
    }

    /**
     * Reads captures that still exist and match the digest in the evidence.
     *
     * @param missing gets the entries of the others
     */
    private static Map<String, byte[]> captures(
            BundledIncident incident, JsonNode evidence, Captures captures, List<String> missing) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        for (JsonNode probe : evidence.path("probes")) {
            String name = probe.at("/details/file").asText();
            if (!probe.path("probe").asText().equals("capture") || !name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
                continue;
            }
            Optional<byte[]> bytes = captures.read(incident.id(), name).filter(each -> Digests.sha256(each)
                    .equals(probe.at("/details/sha256").asText()));
            if (bytes.isPresent()) {
                found.put(name, bytes.get());
            } else {
                missing.add("captures/" + name);
            }
        }
        return found;
    }

    /** The entry with the evidence of the event of this sequence. */
    public static String entryName(long sequence) {
        return String.format(Locale.ROOT, "evidence/%06d.json", sequence);
    }

    private record StoredBody(long sequence, String body) {}

    private static List<StoredBody> bodies(Database database, BundledIncident incident) {
        return database.read(tx -> tx.createQuery(
                        "SELECT sequence, body FROM evidence"
                                + " WHERE incident_id = :id AND sequence <= :newest AND (sequence = 0 OR sequence > :after) ORDER BY sequence")
                .bind("id", incident.id())
                .bind("newest", incident.newest())
                .bind("after", incident.newest() - NEWEST)
                .map((row, context) -> new StoredBody(row.getLong("sequence"), row.getString("body")))
                .list());
    }
}
