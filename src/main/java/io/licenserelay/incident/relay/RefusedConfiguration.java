package io.licenserelay.incident.relay;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * A changed configuration that a node refused, so that it keeps its earlier one.
 *
 * @param problems redacted, in one line
 */
public record RefusedConfiguration(String node, String problems, Instant at) {

    /** The refusals of all nodes, by name, also of nodes that have ended. */
    public static List<RefusedConfiguration> all(Handle tx) {
        return tx.createQuery("SELECT node, problems, refused_at FROM refused_configuration ORDER BY node")
                .map((row, context) -> new RefusedConfiguration(
                        row.getString("node"),
                        row.getString("problems"),
                        Instant.ofEpochMilli(row.getLong("refused_at"))))
                .list();
    }

    int insert(Handle tx) {
        return tx.execute(
                "INSERT INTO refused_configuration (node, problems, refused_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (node) DO UPDATE SET problems = excluded.problems,"
                        + " refused_at = excluded.refused_at",
                node,
                problems,
                at.toEpochMilli());
    }

    /** Deletes this refusal, but not a later one of the node. */
    int delete(Handle tx) {
        return tx.execute(
                "DELETE FROM refused_configuration WHERE node = ? AND refused_at = ?", node, at.toEpochMilli());
    }

    /** Deletes the refusal of a node that has accepted its configuration. */
    static int deleteOf(Handle tx, String node) {
        return tx.execute("DELETE FROM refused_configuration WHERE node = ?", node);
    }
}
