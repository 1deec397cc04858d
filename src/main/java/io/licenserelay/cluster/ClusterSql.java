package io.licenserelay.cluster;

import io.licenserelay.cluster.ownership.OwnerRow;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All SQL of the cluster; the only class with SQL that PostgreSQL alone understands. The advisory lock of a node has the table's object id as
 * its upper half and {@code lock_key} as its lower half, so that two schemas of one database, or another application, do not share locks.
 * {@code pg_locks} shows the halves as classid and objid, with objsubid 1 for a lock on one number.
 */
final class ClusterSql {
    private static final String HOLDER =
            "LEFT JOIN pg_locks l ON l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
                    + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                    + " AND l.classid = CAST(CAST('cluster_node' AS regclass) AS oid) AND CAST(l.objid AS BIGINT) = n.lock_key";

    private static final String SETTINGS = "SELECT set_config('idle_session_timeout', ?, false),"
            + " set_config('idle_in_transaction_session_timeout', ?, false),"
            + " set_config('tcp_user_timeout', ?, false), set_config('statement_timeout', ?, false),"
            + " set_config('license_relay.node', ?, false)";

    private static final String SERVER = "SELECT CAST(current_setting('server_version_num') AS INTEGER) AS version_num,"
            + " current_setting('server_version') AS version, pg_is_in_recovery() AS recovering,"
            + " CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS clock";

    private static final String BACKEND =
            "SELECT pg_backend_pid() AS pid, current_setting('license_relay.node', true) AS node";

    private static final String REGISTER =
            "INSERT INTO cluster_node (node, host, version, started_at, heartbeat_at, clock_ahead_ms)"
                    + " VALUES (?, ?, ?, 0, 0, 0) ON CONFLICT (node) DO NOTHING";

    private static final String LOCK =
            "SELECT pg_try_advisory_lock((CAST(CAST(CAST('cluster_node' AS regclass) AS oid) AS BIGINT) << 32) | lock_key) AS locked,"
                    + " host FROM cluster_node WHERE node = ?";

    private static final String JOINED =
            "UPDATE cluster_node SET host = ?, version = ?, started_at = ?, heartbeat_at = ?, clock_ahead_ms = ?, stopped_at = NULL,"
                    + " failed_routes = NULL WHERE node = ?";

    private static final String HEARTBEAT =
            "UPDATE cluster_node SET heartbeat_at = ?, clock_ahead_ms = ? WHERE node = ?";

    private static final String STOPPED = "UPDATE cluster_node SET stopped_at = ? WHERE node = ?";

    private static final String FORGET =
            "DELETE FROM cluster_node WHERE heartbeat_at < ? AND node <> ? AND lock_key NOT IN"
                    + " (SELECT n.lock_key FROM cluster_node n " + HOLDER + " WHERE l.pid IS NOT NULL)";

    private static final String OBSERVE = "SELECT n.node AS node, l.pid AS holder, pg_backend_pid() AS pid,"
            + " CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS clock,"
            + " (SELECT COUNT(*) FROM site_owner) AS counted,"
            + " (SELECT CAST(COALESCE(SUM(epoch), 0) AS BIGINT) FROM site_owner) AS epochs"
            + " FROM cluster_node n " + HOLDER + " WHERE l.pid IS NOT NULL";

    private static final String AVAILABLE =
            "SELECT site, node, epoch FROM site_owner WHERE node IS NULL OR node = ? OR node <> ALL(?)";

    private static final String ADD =
            "INSERT INTO site_owner (site, epoch) SELECT site, 0 FROM UNNEST(CAST(? AS TEXT[])) AS added(site) ORDER BY site ON CONFLICT (site) DO NOTHING";

    private static final String LOCK_ROWS =
            "SELECT site, node, epoch FROM site_owner WHERE site = ANY(?) ORDER BY site FOR UPDATE SKIP LOCKED";

    private static final String SKIPPED =
            "SELECT site, node, epoch FROM site_owner WHERE site = ANY(?) AND site <> ALL(?)";

    /**
     * Ends the sessions of nodes, by the names of their applications, that hold rows of the table or wait for them. Sessions that this role may
     * not end are left out, because an error would end the transaction.
     */
    private static final String TERMINATE = "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a"
            + " JOIN pg_locks l ON l.pid = a.pid JOIN pg_roles me ON me.rolname = current_user"
            + " WHERE l.granted AND l.mode = 'RowShareLock' AND l.relation = CAST('site_owner' AS regclass)"
            + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " AND a.application_name = ANY(?) AND a.pid <> pg_backend_pid() AND (a.usesysid = me.oid OR me.rolsuper)";

    private static final String LIVE =
            "SELECT n.node AS node FROM cluster_node n " + HOLDER + " WHERE l.pid IS NOT NULL";

    private static final String TAKE =
            "UPDATE site_owner SET node = ?, epoch = epoch + 1 WHERE site = ANY(?) RETURNING site, epoch";

    private static final String RELEASE = "UPDATE site_owner SET node = NULL, epoch = epoch + 1 WHERE site IN"
            + " (SELECT site FROM site_owner WHERE site = ANY(?) AND node = ? ORDER BY site FOR UPDATE SKIP LOCKED) RETURNING site";

    private static final String NODES =
            "SELECT n.node AS node, host, version, started_at, heartbeat_at, stopped_at, clock_ahead_ms, failed_routes, l.pid AS holder"
                    + " FROM cluster_node n " + HOLDER + " ORDER BY n.node";

    private static final String FAILED_ROUTES = "UPDATE cluster_node SET failed_routes = ? WHERE node = ?";

    private static final String OWNERS = "SELECT site, node FROM site_owner WHERE node IS NOT NULL";

    private static final String TLS = "SELECT version FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()";

    /** @param clock milliseconds since 1970 */
    record Server(int versionNumber, String version, boolean recovering, long clock) {}

    /** @param node the session variable that this node set; null or empty in a session of another */
    record Backend(int pid, @Nullable String node) {}

    /** @param host where the node runs that holds the lock, or was registered last */
    record LockAttempt(boolean locked, String host) {}

    /**
     * @param holders by node that is alive, the backend that holds its lock
     * @param pid the backend that ran the statement
     * @param clock milliseconds since 1970; 0 if no node is alive
     */
    record Seen(Map<String, Integer> holders, int pid, long clock, long rows, long epochs) {}

    record NodeRow(
            String name,
            String host,
            String version,
            long startedAt,
            long heartbeatAt,
            @Nullable Long stoppedAt,
            long clockAhead,
            @Nullable String failedRoutes,
            boolean alive) {}

    private ClusterSql() {}

    /**
     * Bounds each silence by the timeout: between statements, within a transaction, and while an answer is sent that nobody receives, which
     * the other two do not end.
     */
    static void configure(Connection connection, Duration timeout, Duration statement, String node)
            throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(SETTINGS)) {
            set.setString(1, Long.toString(timeout.toMillis()));
            set.setString(2, Long.toString(timeout.toMillis()));
            set.setString(3, Long.toString(timeout.toMillis()));
            set.setString(4, Long.toString(statement.toMillis()));
            set.setString(5, node);
            set.executeQuery().close();
        }
    }

    static Server server(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(SERVER);
                ResultSet row = read.executeQuery()) {
            row.next();
            return new Server(
                    row.getInt("version_num"),
                    row.getString("version"),
                    row.getBoolean("recovering"),
                    row.getLong("clock"));
        }
    }

    /** The version of TLS of this connection; empty if it is plain text. */
    static Optional<String> tls(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(TLS);
                ResultSet row = read.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString("version")) : Optional.empty();
        }
    }

    static Backend backend(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(BACKEND);
                ResultSet row = read.executeQuery()) {
            row.next();
            return new Backend(row.getInt("pid"), row.getString("node"));
        }
    }

    static void register(Connection connection, NodeIdentity identity) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(REGISTER)) {
            insert.setString(1, identity.name());
            insert.setString(2, identity.host());
            insert.setString(3, identity.version());
            insert.executeUpdate();
        }
    }

    /** Not locked also if the row of the node vanished. */
    static LockAttempt lock(Connection connection, String node) throws SQLException {
        try (PreparedStatement attempt = connection.prepareStatement(LOCK)) {
            attempt.setString(1, node);
            try (ResultSet row = attempt.executeQuery()) {
                return row.next()
                        ? new LockAttempt(row.getBoolean("locked"), row.getString("host"))
                        : new LockAttempt(false, "an unknown host");
            }
        }
    }

    /** @return whether the row of the node exists */
    static boolean joined(Connection connection, NodeIdentity identity, long clock, long clockAhead)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(JOINED)) {
            update.setString(1, identity.host());
            update.setString(2, identity.version());
            update.setLong(3, clock);
            update.setLong(4, clock);
            update.setLong(5, clockAhead);
            update.setString(6, identity.name());
            return update.executeUpdate() == 1;
        }
    }

    /** @return whether the row of the node exists */
    static boolean heartbeat(Connection connection, String node, long clock, long clockAhead) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(HEARTBEAT)) {
            update.setLong(1, clock);
            update.setLong(2, clockAhead);
            update.setString(3, node);
            return update.executeUpdate() == 1;
        }
    }

    static void stopped(Connection connection, String node, long clock) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(STOPPED)) {
            update.setLong(1, clock);
            update.setString(2, node);
            update.executeUpdate();
        }
    }

    /** Deletes the nodes that are not alive and have been silent since then. */
    static void forget(Connection connection, long silentSince, String me) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setLong(1, silentSince);
            delete.setString(2, me);
            delete.executeUpdate();
        }
    }

    static Seen observe(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(OBSERVE);
                ResultSet row = read.executeQuery()) {
            Map<String, Integer> holders = new HashMap<>();
            Seen seen = new Seen(holders, 0, 0, 0, 0);
            while (row.next()) {
                holders.put(row.getString("node"), row.getInt("holder"));
                seen = new Seen(
                        holders,
                        row.getInt("pid"),
                        row.getLong("clock"),
                        row.getLong("counted"),
                        row.getLong("epochs"));
            }
            return seen;
        }
    }

    static List<OwnerRow> available(Connection connection, String me, Set<String> live) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(AVAILABLE)) {
            read.setString(1, me);
            read.setArray(2, texts(connection, live));
            return owners(read);
        }
    }

    private static List<OwnerRow> owners(PreparedStatement read) throws SQLException {
        List<OwnerRow> rows = new ArrayList<>();
        try (ResultSet row = read.executeQuery()) {
            while (row.next()) {
                rows.add(new OwnerRow(row.getString("site"), row.getString("node"), row.getLong("epoch")));
            }
        }
        return rows;
    }

    static void add(Connection connection, Collection<String> keys) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            insert.setArray(1, texts(connection, keys));
            insert.executeUpdate();
        }
    }

    /**
     * One transaction. Whether an owner is alive is read after the rows are locked: nobody else can take them from then on, and a lock that
     * is not held then is not held by a session that took one of these rows. A row that a dead node still has locked is left out, and its
     * session is ended, so that the next attempt gets the row.
     */
    static Map<String, Long> take(Connection connection, String me, Collection<String> keys) throws SQLException {
        connection.setAutoCommit(false);
        try {
            List<OwnerRow> locked = lockRows(connection, keys);
            Set<String> live = live(connection);
            List<String> takeable = locked.stream()
                    .filter(row -> row.node() == null || row.node().equals(me) || !live.contains(row.node()))
                    .map(OwnerRow::key)
                    .toList();
            Map<String, Long> taken = takeable.isEmpty() ? Map.of() : updateOwner(connection, me, takeable);
            if (locked.size() < keys.size()) {
                endTransactionsOfTheDead(connection, keys, locked, live);
            }
            connection.commit();
            return taken;
        } catch (SQLException e) {
            rollback(connection, e);
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void endTransactionsOfTheDead(
            Connection connection, Collection<String> keys, List<OwnerRow> locked, Set<String> live)
            throws SQLException {
        List<String> dead = new ArrayList<>();
        try (PreparedStatement read = connection.prepareStatement(SKIPPED)) {
            read.setArray(1, texts(connection, keys));
            read.setArray(
                    2, texts(connection, locked.stream().map(OwnerRow::key).toList()));
            for (OwnerRow row : owners(read)) {
                if (row.node() != null && !live.contains(row.node())) {
                    dead.add(NodeIdentity.applicationName(row.node()));
                }
            }
        }
        if (!dead.isEmpty()) {
            try (PreparedStatement terminate = connection.prepareStatement(TERMINATE)) {
                terminate.setArray(1, texts(connection, dead));
                terminate.executeQuery().close();
            }
        }
    }

    private static void rollback(Connection connection, SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static List<OwnerRow> lockRows(Connection connection, Collection<String> keys) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK_ROWS)) {
            lock.setArray(1, texts(connection, keys));
            return owners(lock);
        }
    }

    static Set<String> live(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(LIVE);
                ResultSet row = read.executeQuery()) {
            Set<String> live = new HashSet<>();
            while (row.next()) {
                live.add(row.getString("node"));
            }
            return live;
        }
    }

    private static Map<String, Long> updateOwner(Connection connection, String me, Collection<String> keys)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(TAKE)) {
            update.setString(1, me);
            update.setArray(2, texts(connection, keys));
            try (ResultSet row = update.executeQuery()) {
                Map<String, Long> taken = new HashMap<>();
                while (row.next()) {
                    taken.put(row.getString("site"), row.getLong("epoch"));
                }
                return taken;
            }
        }
    }

    static Set<String> release(Connection connection, String me, Collection<String> keys) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RELEASE)) {
            update.setArray(1, texts(connection, keys));
            update.setString(2, me);
            try (ResultSet row = update.executeQuery()) {
                Set<String> released = new HashSet<>();
                while (row.next()) {
                    released.add(row.getString("site"));
                }
                return released;
            }
        }
    }

    static List<NodeRow> nodes(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(NODES);
                ResultSet row = read.executeQuery()) {
            List<NodeRow> nodes = new ArrayList<>();
            while (row.next()) {
                nodes.add(new NodeRow(
                        row.getString("node"),
                        row.getString("host"),
                        row.getString("version"),
                        row.getLong("started_at"),
                        row.getLong("heartbeat_at"),
                        row.getObject("stopped_at", Long.class),
                        row.getLong("clock_ahead_ms"),
                        row.getString("failed_routes"),
                        row.getObject("holder") != null));
            }
            return nodes;
        }
    }

    static void failedRoutes(Connection connection, String node, @Nullable String routes) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(FAILED_ROUTES)) {
            update.setString(1, routes);
            update.setString(2, node);
            update.executeUpdate();
        }
    }

    /** By key, sorted. */
    static Map<String, String> owners(Connection connection) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(OWNERS);
                ResultSet row = read.executeQuery()) {
            Map<String, String> owners = new TreeMap<>();
            while (row.next()) {
                owners.put(row.getString("site"), row.getString("node"));
            }
            return owners;
        }
    }

    private static Array texts(Connection connection, Collection<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }
}
