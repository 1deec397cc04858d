package io.licenserelay.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The PostgreSQL server of a cluster, as a process sees it that does not join.
 *
 * @param version for people: {@code 17.2}
 * @param supported whether a node can join a server of this version
 * @param readOnly whether it is a standby
 * @param tls the version of TLS of the connection; empty if it is plain text
 * @param clockAhead how much the clock of this process is ahead of the server's; negative if it is behind
 * @param pooled whether statements of one connection run in different sessions, or two connections share one
 */
public record ServerInspection(
        String version,
        boolean supported,
        boolean readOnly,
        Optional<String> tls,
        Duration clockAhead,
        boolean pooled) {

    /** @throws SQLException if the server cannot be reached or refuses */
    public static ServerInspection of(ClusterDatabase database, ClusterSettings settings, Clock clock)
            throws SQLException {
        String name = "inspection-" + UUID.randomUUID();
        try (Connection connection = NodeSession.connect(database, settings, name)) {
            Instant before = clock.instant();
            ClusterSql.Server server = ClusterSql.server(connection);
            Instant after = clock.instant();
            boolean supported = server.versionNumber() >= NodeSession.OLDEST;
            return new ServerInspection(
                    server.version(),
                    supported,
                    server.recovering(),
                    ClusterSql.tls(connection),
                    NodeSession.ahead(before, after, server.clock()),
                    supported && isPooled(database, connection, settings, name));
        }
    }

    /** A second connection that holds a transaction open forces a pooler in transaction mode to use another session. */
    private static boolean isPooled(
            ClusterDatabase database, Connection connection, ClusterSettings settings, String name)
            throws SQLException {
        ClusterSql.configure(connection, settings.timeout(), settings.statement(), name);
        ClusterSql.Backend first = ClusterSql.backend(connection);
        try (Connection other = NodeSession.connect(database, settings, name)) {
            other.setAutoCommit(false);
            ClusterSql.Backend busy = ClusterSql.backend(other);
            ClusterSql.Backend second = ClusterSql.backend(connection);
            other.rollback();
            return busy.pid() == first.pid()
                    || name.equals(busy.node())
                    || second.pid() != first.pid()
                    || !name.equals(second.node());
        }
    }
}
