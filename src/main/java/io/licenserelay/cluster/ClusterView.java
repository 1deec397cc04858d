package io.licenserelay.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The cluster for people and commands, read from the database by any process, whether it is a node or not. Thread-safe. */
public final class ClusterView {
    private final ConnectionSource connections;

    /** Opens a connection, or takes one from a pool. */
    @FunctionalInterface
    public interface ConnectionSource {
        Connection open() throws SQLException;
    }

    public ClusterView(ConnectionSource connections) {
        this.connections = connections;
    }

    /** All nodes that are known, by name. */
    public List<NodeStatus> nodes() throws SQLException {
        try (Connection connection = connections.open()) {
            Map<String, List<String>> keys = new TreeMap<>();
            ClusterSql.owners(connection).forEach((key, node) -> keys.computeIfAbsent(node, none -> new ArrayList<>())
                    .add(key));
            return ClusterSql.nodes(connection).stream()
                    .map(node -> new NodeStatus(
                            node.name(),
                            node.host(),
                            node.version(),
                            Instant.ofEpochMilli(node.startedAt()),
                            Instant.ofEpochMilli(node.heartbeatAt()),
                            Optional.ofNullable(node.stoppedAt()).map(Instant::ofEpochMilli),
                            node.alive(),
                            Duration.ofMillis(node.clockAhead()),
                            List.copyOf(keys.getOrDefault(node.name(), List.of()))))
                    .toList();
        }
    }

    /** By key, the node that its row names. Such a node may have died a moment ago. */
    public Map<String, String> owners() throws SQLException {
        try (Connection connection = connections.open()) {
            return ClusterSql.owners(connection);
        }
    }
}
