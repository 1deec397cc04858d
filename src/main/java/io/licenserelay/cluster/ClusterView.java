package io.licenserelay.cluster;

import io.licenserelay.cluster.configuration.ConfigurationComparison;
import io.licenserelay.cluster.configuration.ConfigurationTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
                            Optional.ofNullable(node.failedRoutes()),
                            List.copyOf(keys.getOrDefault(node.name(), List.of()))))
                    .toList();
        }
    }

    /**
     * Keeps nodes away from the database of a connection until the end of its transaction: a node that tries to join is refused.
     *
     * @return false if a node is alive, or another process keeps nodes away
     */
    public static boolean keepNodesAway(Connection transaction) throws SQLException {
        return ClusterSql.keepNodesAway(transaction);
    }

    /** The configurations of the nodes that are alive. */
    public ConfigurationComparison configurations() throws SQLException {
        try (Connection connection = connections.open()) {
            return ConfigurationTable.compare(connection, liveConfigurations(connection));
        }
    }

    /** By node that is alive the sites of its configuration, each with its digest. */
    public Map<String, Map<String, String>> sitesByNode() throws SQLException {
        try (Connection connection = connections.open()) {
            Map<String, String> nodes = liveConfigurations(connection);
            Map<String, Map<String, String>> configurations =
                    ConfigurationTable.configurations(connection, Set.copyOf(nodes.values()));
            Map<String, Map<String, String>> sites = new TreeMap<>();
            nodes.forEach(
                    (node, configuration) -> sites.put(node, configurations.getOrDefault(configuration, Map.of())));
            return sites;
        }
    }

    private static Map<String, String> liveConfigurations(Connection connection) throws SQLException {
        return ClusterSql.nodes(connection).stream()
                .filter(ClusterSql.NodeRow::alive)
                .collect(Collectors.toMap(
                        ClusterSql.NodeRow::name, node -> Objects.requireNonNullElse(node.configuration(), "")));
    }

    /** The names of the nodes that are alive. */
    public Set<String> live() throws SQLException {
        try (Connection connection = connections.open()) {
            return ClusterSql.live(connection);
        }
    }

    /**
     * Shows other processes which routes of a node do not run.
     *
     * @param routes JSON, by id the routes and why; empty if all run
     */
    public void showFailedRoutes(String node, Optional<String> routes) throws SQLException {
        try (Connection connection = connections.open()) {
            ClusterSql.failedRoutes(connection, node, routes.orElse(null));
        }
    }

    /** By key, the node that its row names. Such a node may have died a moment ago. */
    public Map<String, String> owners() throws SQLException {
        try (Connection connection = connections.open()) {
            return ClusterSql.owners(connection);
        }
    }
}
