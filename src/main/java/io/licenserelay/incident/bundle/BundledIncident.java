package io.licenserelay.incident.bundle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * An incident with evidence.
 *
 * @param lastData the data of its newest event
 * @param newest the sequence of its newest event with evidence
 * @param versions JSON of the versions of the relay that collected that evidence; null if it was not recorded yet
 */
record BundledIncident(
        String id,
        String site,
        String key,
        String flow,
        String lastData,
        long newest,
        @Nullable String versions) {
    private static final String FIND = "SELECT i.id, i.site, i.dedup_key, i.flow, i.last_data, e.newest, b.versions"
            + " FROM incident i"
            + " JOIN (SELECT incident_id, MAX(sequence) AS newest FROM evidence GROUP BY incident_id) e"
            + " ON e.incident_id = i.id LEFT JOIN evidence_bundle b ON b.incident_id = i.id";

    /** The incidents whose newest evidence is in no bundle. */
    static List<BundledIncident> due(Handle tx, int limit) {
        return tx.createQuery(FIND + " WHERE b.sequence IS NULL OR e.newest > b.sequence ORDER BY i.id LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> of(row))
                .list();
    }

    /** @param name the id, or the key of the records with or without {@code license-relay/}; a key selects the newest incident */
    static Optional<BundledIncident> find(Handle tx, String name) {
        return tx.createQuery(FIND + " WHERE i.id = :name OR i.dedup_key = :name OR i.dedup_key = :key"
                        + " ORDER BY i.opened_at DESC LIMIT 1")
                .bind("name", name)
                .bind("key", "license-relay/" + name)
                .map((row, context) -> of(row))
                .findOne();
    }

    private static BundledIncident of(ResultSet row) throws SQLException {
        return new BundledIncident(
                row.getString("id"),
                row.getString("site"),
                row.getString("dedup_key"),
                row.getString("flow"),
                row.getString("last_data"),
                row.getLong("newest"),
                row.getString("versions"));
    }

    /** Records that the evidence up to {@code newest} is in a bundle with these bytes. */
    int record(Handle tx, String bundleVersions, String sha256, long bytes, long writtenAt) {
        return tx.execute(
                "INSERT INTO evidence_bundle (incident_id, sequence, sha256, bytes, written_at, versions)"
                        + " VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (incident_id) DO UPDATE SET sequence = excluded.sequence,"
                        + " sha256 = excluded.sha256, bytes = excluded.bytes, written_at = excluded.written_at,"
                        + " versions = excluded.versions",
                id,
                newest,
                sha256,
                bytes,
                writtenAt,
                bundleVersions);
    }
}
