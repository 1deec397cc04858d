package io.licenserelay.incident.bundle;

import io.licenserelay.config.site.Settings;
import io.licenserelay.store.Database;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The captures in a database that relays share, in parts. */
record StoredCaptures(Database database) implements Captures {
    private static final int PART_BYTES = 768 * 1024;

    @Override
    public Optional<byte[]> read(String incident, String name) {
        List<String> parts = database.read(tx -> tx.createQuery("SELECT content FROM evidence_capture"
                        + " WHERE incident_id = :incident AND name = :name ORDER BY part")
                .bind("incident", incident)
                .bind("name", name)
                .mapTo(String.class)
                .list());
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        parts.forEach(part -> bytes.writeBytes(Base64.getDecoder().decode(part)));
        return Optional.of(bytes.toByteArray());
    }

    /** Stores the captures of an incident in place of its earlier ones. */
    static int replace(Handle tx, BundledIncident incident, Map<String, byte[]> captures, long now) {
        tx.execute("DELETE FROM evidence_capture WHERE incident_id = ?", incident.id());
        int rows = 0;
        for (Map.Entry<String, byte[]> each : captures.entrySet()) {
            byte[] bytes = each.getValue();
            for (int from = 0; from < bytes.length; from += PART_BYTES) {
                byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PART_BYTES));
                rows += tx.execute(
                        "INSERT INTO evidence_capture (incident_id, site, name, part, bytes, added_at, content)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        incident.id(),
                        incident.site(),
                        each.getKey(),
                        from / PART_BYTES,
                        part.length,
                        now,
                        Base64.getEncoder().encodeToString(part));
            }
        }
        return rows;
    }

    private record Stored(String incident, long bytes, long addedAt) {}

    /**
     * Deletes captures beyond the limits, oldest first. The limits count the captures of all sites. The newest stays, because someone may be
     * about to read it.
     *
     * @param oldest captures that were added earlier are too old, in milliseconds since 1970
     */
    static int prune(Handle tx, Settings.Bundles limits, long oldest) {
        List<Stored> newestFirst = tx.createQuery("SELECT incident_id, SUM(bytes) AS bytes, MAX(added_at) AS added_at"
                        + " FROM evidence_capture GROUP BY incident_id ORDER BY MAX(added_at) DESC, incident_id")
                .map((row, context) ->
                        new Stored(row.getString("incident_id"), row.getLong("bytes"), row.getLong("added_at")))
                .list();
        long bytes = 0;
        int deleted = 0;
        for (int i = 0; i < newestFirst.size(); i++) {
            Stored each = newestFirst.get(i);
            bytes += each.bytes;
            boolean beyond = i >= limits.count() || bytes > limits.bytes() || each.addedAt < oldest;
            if (i > 0 && beyond) {
                deleted += tx.execute("DELETE FROM evidence_capture WHERE incident_id = ?", each.incident);
            }
        }
        return deleted;
    }
}
