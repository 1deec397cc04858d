package io.licenserelay.cluster.configuration;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configurations of the nodes in PostgreSQL. Nodes with the same configuration share its rows, so that a comparison reads each
 * configuration once, whatever the number of nodes. Stateless; the caller gives the connection.
 */
public final class ConfigurationTable {
    /** How long a digest that no configuration has any more is remembered. */
    static final Duration REMEMBERED = Duration.ofDays(90);

    /** Readers do not wait. Nodes that accept a configuration at the same time do, so that the first one writes the rows for all. */
    private static final String LOCK = "LOCK TABLE configuration_site IN SHARE ROW EXCLUSIVE MODE";

    /** Later than every earlier time, also if the clock of the server went back. */
    private static final String CLOCK = "SELECT GREATEST(CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT),"
            + " (SELECT COALESCE(MAX(accepted_at), 0) + 1 FROM site_digest)) AS clock,"
            + " EXISTS (SELECT 1 FROM configuration_site WHERE configuration = ?) AS stored";

    private static final String ADD_SITES = "INSERT INTO configuration_site (configuration, site, digest)"
            + " SELECT ?, site, digest FROM UNNEST(CAST(? AS TEXT[]), CAST(? AS TEXT[])) AS added(site, digest)";

    private static final String ADD_DIGESTS = "INSERT INTO site_digest (site, digest, accepted_at, used_until)"
            + " SELECT site, digest, CAST(? AS BIGINT), CAST(? AS BIGINT)"
            + " FROM UNNEST(CAST(? AS TEXT[]), CAST(? AS TEXT[])) AS added(site, digest) ON CONFLICT (site, digest) DO NOTHING";

    /** A digest that is the newest already stays as it is, so that of many nodes that follow a change one writes. */
    private static final String RENEW = "UPDATE site_digest SET accepted_at = ? WHERE site = ANY(?)"
            + " AND EXISTS (SELECT 1 FROM configuration_site c WHERE c.configuration = ? AND c.site = site_digest.site"
            + " AND c.digest = site_digest.digest)"
            + " AND EXISTS (SELECT 1 FROM site_digest other WHERE other.site = site_digest.site"
            + " AND other.digest <> site_digest.digest AND other.accepted_at >= site_digest.accepted_at)";

    private static final String SET = "UPDATE cluster_node SET configuration = ?, configured_at = ? WHERE node = ?";

    private static final String DELETE_UNUSED =
            "WITH deleted AS (DELETE FROM configuration_site WHERE configuration NOT IN"
                    + " (SELECT configuration FROM cluster_node WHERE configuration IS NOT NULL) RETURNING site, digest)"
                    + " UPDATE site_digest SET used_until = ? FROM deleted WHERE site_digest.site = deleted.site"
                    + " AND site_digest.digest = deleted.digest";

    private static final String FORGET = "DELETE FROM site_digest WHERE used_until < ? AND NOT EXISTS"
            + " (SELECT 1 FROM configuration_site c WHERE c.site = site_digest.site AND c.digest = site_digest.digest)";

    private static final String SITES =
            "SELECT configuration, site, digest FROM configuration_site WHERE configuration = ANY(?)";

    private static final String ACCEPTED_AT = "SELECT site, digest, accepted_at FROM site_digest WHERE site = ANY(?)";

    private ConfigurationTable() {}

    /**
     * Stores the configuration of a node, in one transaction with a constant number of statements.
     *
     * @param changed the sites whose digest this node changed while it ran: these digests are accepted now, also if they were before. A digest
     *     that a node has from its start keeps its time, because its file may be an old one.
     * @throws SQLException if nothing was stored
     */
    public static void accept(Connection connection, String node, SiteDigests digests, Set<String> changed)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            store(connection, node, digests, changed);
            connection.commit();
        } catch (SQLException e) {
            rollback(connection, e);
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
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

    private static void store(Connection connection, String node, SiteDigests digests, Set<String> changed)
            throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.execute();
        }
        long now;
        boolean stored;
        try (PreparedStatement read = connection.prepareStatement(CLOCK)) {
            read.setString(1, digests.digest());
            try (ResultSet row = read.executeQuery()) {
                row.next();
                now = row.getLong("clock");
                stored = row.getBoolean("stored");
            }
        }
        if (!stored) {
            add(connection, digests, now);
        }
        if (!changed.isEmpty()) {
            renew(connection, digests, changed, now);
        }
        set(connection, node, digests, now);
        clean(connection, now);
    }

    private static void add(Connection connection, SiteDigests digests, long now) throws SQLException {
        List<Map.Entry<String, String>> entries = List.copyOf(digests.bySite().entrySet());
        Array sites = texts(connection, entries.stream().map(Map.Entry::getKey).toList());
        Array values =
                texts(connection, entries.stream().map(Map.Entry::getValue).toList());
        try (PreparedStatement insert = connection.prepareStatement(ADD_SITES)) {
            insert.setString(1, digests.digest());
            insert.setArray(2, sites);
            insert.setArray(3, values);
            insert.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement(ADD_DIGESTS)) {
            insert.setLong(1, now);
            insert.setLong(2, now);
            insert.setArray(3, sites);
            insert.setArray(4, values);
            insert.executeUpdate();
        }
    }

    private static void renew(Connection connection, SiteDigests digests, Set<String> changed, long now)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RENEW)) {
            update.setLong(1, now);
            update.setArray(2, texts(connection, changed));
            update.setString(3, digests.digest());
            update.executeUpdate();
        }
    }

    private static void set(Connection connection, String node, SiteDigests digests, long now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(SET)) {
            update.setString(1, digests.digest());
            update.setLong(2, now);
            update.setString(3, node);
            update.executeUpdate();
        }
    }

    private static void clean(Connection connection, long now) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE_UNUSED)) {
            delete.setLong(1, now);
            delete.executeUpdate();
        }
        try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setLong(1, now - REMEMBERED.toMillis());
            delete.executeUpdate();
        }
    }

    /** By digest of the configuration its sites, each with its digest. One statement. */
    public static Map<String, Map<String, String>> configurations(
            Connection connection, Collection<String> configurations) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(SITES)) {
            read.setArray(1, texts(connection, configurations));
            try (ResultSet row = read.executeQuery()) {
                Map<String, Map<String, String>> sites = new HashMap<>();
                while (row.next()) {
                    sites.computeIfAbsent(row.getString("configuration"), none -> new HashMap<>())
                            .put(row.getString("site"), row.getString("digest"));
                }
                return sites;
            }
        }
    }

    /** When the known digests of the sites were accepted, in milliseconds since 1970. One statement. */
    public static Map<SiteVersion, Long> acceptedAt(Connection connection, Collection<String> sites)
            throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(ACCEPTED_AT)) {
            read.setArray(1, texts(connection, sites));
            try (ResultSet row = read.executeQuery()) {
                Map<SiteVersion, Long> times = new HashMap<>();
                while (row.next()) {
                    times.put(
                            new SiteVersion(row.getString("site"), row.getString("digest")),
                            row.getLong("accepted_at"));
                }
                return times;
            }
        }
    }

    /**
     * Compares the configurations of nodes.
     *
     * @param nodes by node the digest of its configuration
     */
    public static ConfigurationComparison compare(Connection connection, Map<String, String> nodes)
            throws SQLException {
        Map<String, Map<String, String>> configurations = configurations(connection, Set.copyOf(nodes.values()));
        Set<String> disputed = ConfigurationComparison.disputed(nodes.values(), configurations);
        return ConfigurationComparison.of(
                nodes, configurations, disputed.isEmpty() ? Map.of() : acceptedAt(connection, disputed));
    }

    private static Array texts(Connection connection, Collection<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }
}
