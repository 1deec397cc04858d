package io.licenserelay.cluster;

import io.licenserelay.cluster.ownership.Observation;
import io.licenserelay.cluster.ownership.OwnerRow;
import io.licenserelay.cluster.ownership.OwnershipTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one session of a node with PostgreSQL: unpooled, with the node's advisory lock from {@code open} to its end. PostgreSQL ends it after
 * the timeout without a statement, also in the middle of a transaction. One thread uses it; {@code abandon} and the readings may come from
 * any thread. Each method throws {@code SessionLost} when the session is of no more use.
 */
final class NodeSession implements OwnershipTable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSession.class);

    /** The first version with {@code idle_session_timeout}. */
    static final int OLDEST = 140_000;

    /** A node that was silent for so long is forgotten. */
    private static final Duration REMEMBERED = Duration.ofDays(7);

    /** Heartbeats between two updates of the row that people see. */
    private static final int SHOWN_EVERY = 5;

    /** {@code Connection.abort} and a network timeout close only the socket; they need no thread. */
    private static final Executor DIRECT = Runnable::run;

    private final Connection connection;
    private final ClusterSettings settings;
    private final NodeIdentity identity;
    private final Clock clock;
    private final int pid;
    private volatile long confirmedNanos;
    private volatile Duration clockAhead;
    private int beats;

    private NodeSession(
            Connection connection,
            ClusterSettings settings,
            NodeIdentity identity,
            Clock clock,
            int pid,
            Duration clockAhead,
            long confirmedNanos) {
        this.connection = connection;
        this.settings = settings;
        this.identity = identity;
        this.clock = clock;
        this.pid = pid;
        this.clockAhead = clockAhead;
        this.confirmedNanos = confirmedNanos;
    }

    /**
     * Opens the session and takes the node's lock.
     *
     * @throws JoinRefused if this node may not join with this database; NAME_IN_USE may pass when it is the node's own former session
     */
    static NodeSession open(ClusterDatabase database, ClusterSettings settings, NodeIdentity identity, Clock clock) {
        try {
            Connection connection = connect(database, settings, identity.name());
            boolean joined = false;
            try {
                NodeSession session = join(database, connection, settings, identity, clock);
                joined = true;
                return session;
            } finally {
                if (!joined) {
                    abort(connection);
                }
            }
        } catch (SQLException e) {
            throw new JoinRefused(
                    JoinRefused.Reason.UNREACHABLE,
                    "Cannot join the cluster: PostgreSQL does not answer as it should: " + e.getMessage(),
                    e);
        }
    }

    static Connection connect(ClusterDatabase database, ClusterSettings settings, String node) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(database.properties().get());
        String seconds =
                Long.toString(Math.max(1, settings.statement().plusMillis(999).toSeconds()));
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("cancelSignalTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", NodeIdentity.applicationName(node));
        Connection connection = DriverManager.getConnection(database.url(), properties);
        connection.setNetworkTimeout(
                DIRECT, Math.toIntExact(settings.statement().toMillis()));
        return connection;
    }

    private static NodeSession join(
            ClusterDatabase database,
            Connection connection,
            ClusterSettings settings,
            NodeIdentity identity,
            Clock clock)
            throws SQLException {
        Instant before = clock.instant();
        ClusterSql.Server server = ClusterSql.server(connection);
        Instant after = clock.instant();
        requireVersion(server.versionNumber(), server.version());
        if (server.recovering()) {
            throw new JoinRefused(
                    JoinRefused.Reason.READ_ONLY_DATABASE,
                    "Cannot join the cluster: this PostgreSQL server is a read-only standby."
                            + " Set relay.store.url to the primary server.");
        }
        Duration ahead = ahead(before, after, server.clock());
        requireClock(ahead, settings);
        ClusterSql.configure(connection, settings.timeout(), settings.statement(), identity.name());
        ClusterSql.register(connection, identity);
        long asked = System.nanoTime();
        ClusterSql.LockAttempt attempt = ClusterSql.lock(connection, identity.name());
        if (!attempt.locked() || !ClusterSql.joined(connection, identity, server.clock(), ahead.toMillis())) {
            throw new JoinRefused(
                    JoinRefused.Reason.NAME_IN_USE,
                    "Cannot join the cluster: a node named " + identity.name() + " is already running on "
                            + attempt.host() + ". Give each node its own name.");
        }
        int pid = requireOwnBackend(database, connection, settings, identity.name());
        ClusterSql.forget(connection, server.clock() - REMEMBERED.toMillis(), identity.name());
        return new NodeSession(connection, settings, identity, clock, pid, ahead, asked);
    }

    static void requireVersion(int number, String version) {
        if (number < OLDEST) {
            throw new JoinRefused(
                    JoinRefused.Reason.OLD_DATABASE,
                    "Cannot join the cluster: PostgreSQL " + version
                            + " is too old, because it has no idle_session_timeout." + " Use PostgreSQL 14 or newer.");
        }
    }

    private static void requireClock(Duration ahead, ClusterSettings settings) {
        if (ahead.abs().compareTo(settings.clockLimit()) > 0) {
            throw new JoinRefused(
                    JoinRefused.Reason.CLOCK,
                    "Cannot join the cluster: the clock of this host is "
                            + ahead.abs().toSeconds() + " s "
                            + (ahead.isNegative() ? "behind" : "ahead of")
                            + " the clock of the PostgreSQL server; the limit is "
                            + settings.clockLimit().toSeconds() + " s. Synchronize both clocks (NTP).");
        }
    }

    static Duration ahead(Instant before, Instant after, long databaseClock) {
        Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
        return Duration.between(Instant.ofEpochMilli(databaseClock), middle);
    }

    /**
     * Proves that the session has a backend of its own. A second connection holds a transaction open, so a pooler in transaction mode must
     * give it the backend that the first one just used, or give the first one another backend for its next statement.
     */
    private static int requireOwnBackend(
            ClusterDatabase database, Connection connection, ClusterSettings settings, String node)
            throws SQLException {
        ClusterSql.Backend first = ClusterSql.backend(connection);
        ClusterSql.Backend second;
        try (Connection other = connect(database, settings, node)) {
            other.setAutoCommit(false);
            ClusterSql.Backend busy = ClusterSql.backend(other);
            second = ClusterSql.backend(connection);
            other.rollback();
            boolean shared = busy.pid() == first.pid() || node.equals(busy.node());
            if (shared || second.pid() != first.pid() || !node.equals(second.node()) || !holdsLock(connection, node)) {
                throw pooler(first.pid() + ", " + busy.pid() + ", " + second.pid(), isBehindPooler(connection, first));
            }
        }
        return second.pid();
    }

    private static boolean holdsLock(Connection connection, String node) throws SQLException {
        ClusterSql.Seen seen = ClusterSql.observe(connection);
        Integer holder = seen.holders().get(node);
        return holder != null && holder == seen.pid();
    }

    /** A pooler gives its clients process ids of its own. */
    private static boolean isBehindPooler(Connection connection, ClusterSql.Backend backend) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID() != backend.pid();
    }

    private static JoinRefused pooler(String backends, boolean foreign) {
        return new JoinRefused(
                JoinRefused.Reason.POOLER,
                "Cannot join the cluster: relay.store.url leads to a pooler in transaction mode (for example PgBouncer),"
                        + " which does not keep session locks: statements of this node's session, of another session in a transaction,"
                        + " and of this node's session again ran on the backends " + backends
                        + (foreign ? ", none of which is the backend that the connection was given" : "")
                        + ". Use the address of the PostgreSQL server itself, or a pooler in session mode.");
    }

    @Override
    public Observation observe() {
        return lostUnlessOk(() -> {
            long asked = System.nanoTime();
            requireFresh(asked);
            Instant before = clock.instant();
            ClusterSql.Seen seen = ClusterSql.observe(connection);
            Integer holder = seen.holders().get(identity.name());
            if (seen.pid() != pid && seen.pid() != 0 || holder == null || holder != pid) {
                throw new SessionLost("this node's lock is not held by this session any more", null);
            }
            clockAhead = ahead(before, clock.instant(), seen.clock());
            requireFresh(System.nanoTime());
            confirmedNanos = asked;
            show(seen.clock());
            return new Observation(seen.holders().keySet(), seen.rows(), seen.epochs());
        });
    }

    /** By the monotonic clock, from before a statement was sent: PostgreSQL counts from its end, so this node gives up first. */
    private void requireFresh(long nanos) {
        if (nanos - confirmedNanos > settings.timeout().toNanos()) {
            throw new SessionLost("no heartbeat for " + Duration.ofNanos(nanos - confirmedNanos), null);
        }
    }

    private void show(long databaseClock) throws SQLException {
        if (beats++ % SHOWN_EVERY == 0
                && !ClusterSql.heartbeat(connection, identity.name(), databaseClock, clockAhead.toMillis())) {
            throw new SessionLost("the row of this node was deleted", null);
        }
    }

    @Override
    public List<OwnerRow> available(Set<String> live) {
        return lostUnlessOk(() -> ClusterSql.available(connection, identity.name(), live));
    }

    @Override
    public void add(Collection<String> keys) {
        lostUnlessOk(() -> {
            ClusterSql.add(connection, keys);
            return keys;
        });
    }

    @Override
    public Map<String, Long> take(Collection<String> keys) {
        return lostUnlessOk(() -> ClusterSql.take(connection, identity.name(), keys));
    }

    @Override
    public Set<String> release(Collection<String> keys) {
        return lostUnlessOk(() -> ClusterSql.release(connection, identity.name(), keys));
    }

    private interface Step<T> {
        T run() throws SQLException;
    }

    private static <T> T lostUnlessOk(Step<T> step) {
        try {
            return step.run();
        } catch (SQLException e) {
            throw new SessionLost("PostgreSQL: " + e.getMessage(), e);
        }
    }

    /** Whether the last heartbeat is younger than the timeout. Thread-safe. */
    boolean isFresh() {
        return System.nanoTime() - confirmedNanos <= settings.timeout().toNanos();
    }

    /** Thread-safe. */
    Duration clockAhead() {
        return clockAhead;
    }

    int pid() {
        return pid;
    }

    /** Ends the session in an orderly way: the lock is free at once. */
    void close() {
        try {
            ClusterSql.stopped(
                    connection, identity.name(), ClusterSql.server(connection).clock());
            connection.close();
        } catch (SQLException e) {
            LOG.info("the session with PostgreSQL ended before its end was noted: {}", e.getMessage());
            abandon();
        }
    }

    /** Closes the socket without waiting for the server. Thread-safe. */
    void abandon() {
        abort(connection);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(DIRECT);
        } catch (SQLException e) {
            LOG.debug("the connection was already closed", e);
        }
    }
}
