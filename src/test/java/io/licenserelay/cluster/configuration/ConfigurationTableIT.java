package io.licenserelay.cluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The times of digests in real PostgreSQL. */
class ConfigurationTableIT {
    private static final SiteDigests OLD = SiteDigests.of(Map.of("hq", "old", "berlin", "same"));
    private static final SiteDigests NEW = SiteDigests.of(Map.of("hq", "new", "berlin", "same"));
    private static final SiteVersion OLD_HQ = new SiteVersion("hq", "old");
    private static final SiteVersion NEW_HQ = new SiteVersion("hq", "new");

    private final String url = PostgresServer.migratedDatabase();
    private Connection connection;

    @BeforeEach
    void register() throws Exception {
        connection = PostgresServer.connection(url);
        for (String node : List.of("a", "b", "c")) {
            execute("INSERT INTO cluster_node (node, host, version, started_at, heartbeat_at, clock_ahead_ms) VALUES ('"
                    + node + "', 'localhost', '1', 0, 0, 0)");
        }
    }

    @AfterEach
    void disconnect() throws Exception {
        connection.close();
    }

    @Test
    void aDigestThatIsKnownKeepsItsTimeWhenANodeStartsWithIt() throws Exception {
        accept("a", OLD, Set.of());
        long first = acceptedAt(OLD_HQ);
        accept("a", NEW, Set.of("hq"));
        accept("b", OLD, Set.of());
        accept("c", OLD, Set.of());
        assertThat(acceptedAt(OLD_HQ)).isEqualTo(first);
        assertThat(acceptedAt(NEW_HQ)).isGreaterThan(first);
        assertThat(compared("a", NEW, "b", OLD, "c", OLD).restricted()).isEqualTo(Map.of("hq", Set.of("a")));
    }

    @Test
    void aNodeThatChangesBackWhileItRunsAcceptsTheOldDigestAgain() throws Exception {
        accept("a", OLD, Set.of());
        accept("b", OLD, Set.of());
        accept("a", NEW, Set.of("hq"));
        accept("b", NEW, Set.of("hq"));
        accept("b", OLD, Set.of("hq"));
        assertThat(acceptedAt(OLD_HQ)).isGreaterThan(acceptedAt(NEW_HQ));
        assertThat(compared("a", NEW, "b", OLD).restricted()).isEqualTo(Map.of("hq", Set.of("b")));
    }

    /** Otherwise of a hundred nodes each would write each site. */
    @Test
    void aNodeThatFollowsAChangeLeavesItsTimeAsItIs() throws Exception {
        accept("a", OLD, Set.of());
        accept("b", OLD, Set.of());
        accept("a", NEW, Set.of("hq"));
        long accepted = acceptedAt(NEW_HQ);
        accept("b", NEW, Set.of("hq"));
        assertThat(acceptedAt(NEW_HQ)).isEqualTo(accepted);
    }

    @Test
    void theDigestOfADeletedConfigurationIsRememberedForSomeTime() throws Exception {
        accept("a", OLD, Set.of());
        accept("b", OLD, Set.of());
        long first = acceptedAt(OLD_HQ);
        accept("a", NEW, Set.of("hq"));
        accept("b", NEW, Set.of("hq"));
        assertThat(ConfigurationTable.configurations(connection, Set.of(OLD.digest(), NEW.digest())))
                .containsOnlyKeys(NEW.digest());
        accept("c", OLD, Set.of());
        assertThat(acceptedAt(OLD_HQ)).isEqualTo(first);
        accept("c", NEW, Set.of());
        execute("UPDATE site_digest SET used_until = used_until - "
                + ConfigurationTable.REMEMBERED.plusDays(1).toMillis());
        accept("c", NEW, Set.of());
        assertThat(ConfigurationTable.acceptedAt(connection, Set.of("hq"))).containsOnlyKeys(NEW_HQ);
    }

    @Test
    void timesRiseAlsoIfTheClockOfTheServerGoesBack() throws Exception {
        accept("a", OLD, Set.of());
        execute("UPDATE site_digest SET accepted_at = accepted_at + 1000000000");
        accept("a", NEW, Set.of("hq"));
        assertThat(acceptedAt(NEW_HQ)).isGreaterThan(acceptedAt(OLD_HQ));
    }

    @Test
    void manyNodesThatAcceptALargeConfigurationAtTheSameTimeStoreItOnce() throws Exception {
        SiteDigests large = SiteDigests.of(IntStream.range(0, 10_000)
                .boxed()
                .collect(Collectors.toMap(number -> "site-" + number, number -> "digest-" + number)));
        ExecutorService nodes = Executors.newFixedThreadPool(8);
        try {
            Callable<Boolean> accepts = () -> {
                try (Connection own = PostgresServer.connection(url)) {
                    ConfigurationTable.accept(own, "a", large, Set.of());
                    return own.getAutoCommit();
                }
            };
            for (var each : nodes.invokeAll(Collections.nCopies(40, accepts))) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            nodes.shutdownNow();
        }
        assertThat(ConfigurationTable.configurations(connection, Set.of(large.digest()))
                        .get(large.digest()))
                .isEqualTo(large.bySite());
        assertThat(ConfigurationTable.acceptedAt(connection, large.bySite().keySet()))
                .hasSize(10_000);
    }

    private void accept(String node, SiteDigests digests, Set<String> changed) throws SQLException {
        ConfigurationTable.accept(connection, node, digests, changed);
    }

    private ConfigurationComparison compared(Object... nodesAndDigests) throws SQLException {
        Map<String, String> nodes = IntStream.range(0, nodesAndDigests.length / 2)
                .boxed()
                .collect(Collectors.toMap(
                        number -> (String) nodesAndDigests[2 * number],
                        number -> ((SiteDigests) nodesAndDigests[2 * number + 1]).digest()));
        return ConfigurationTable.compare(connection, nodes);
    }

    private long acceptedAt(SiteVersion digest) throws SQLException {
        try (PreparedStatement read =
                connection.prepareStatement("SELECT accepted_at FROM site_digest WHERE site = ? AND digest = ?")) {
            read.setString(1, digest.site());
            read.setString(2, digest.digest());
            try (ResultSet row = read.executeQuery()) {
                assertThat(row.next()).as("%s is known", digest).isTrue();
                return row.getLong("accepted_at");
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        }
    }
}
