package io.licenserelay.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.cluster.ownership.Lease;
import io.licenserelay.cluster.ownership.Placement;
import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.fixture.SwallowingProxy;
import io.licenserelay.fixture.TransactionPooler;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes with real sessions: a key has one owner, and a node that is dead, paused or cut off loses what it owns. */
class ClusterNodeIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration REPLACED = TestNode.SETTINGS.timeout().plusSeconds(3);
    private static final Set<String> KEYS =
            IntStream.range(0, 12).mapToObj(number -> "site-" + number).collect(Collectors.toSet());

    private final String url = PostgresServer.migratedDatabase();

    @Test
    void threeNodesShareTheKeysAndEachKeyHasOneOwner() throws Exception {
        try (TestNode a = node("a");
                TestNode b = node("b");
                TestNode c = node("c")) {
            awaitShares(4, a, b, c);
            assertThat(a.twice()).isEmpty();
            List<NodeStatus> nodes = new ClusterView(() -> PostgresServer.connection(url)).nodes();
            assertThat(nodes).extracting(NodeStatus::name).containsExactly("a", "b", "c");
            assertThat(nodes).allSatisfy(each -> {
                assertThat(each.alive()).isTrue();
                assertThat(each.host()).isEqualTo("host-of-" + each.name());
                assertThat(each.keys()).hasSize(4);
                assertThat(each.clockAhead().abs()).isLessThan(Duration.ofSeconds(2));
            });
            c.close();
            awaitShares(6, a, b);
            assertThat(c.announced()).isEmpty();
            assertThat(new ClusterView(() -> PostgresServer.connection(url))
                            .nodes()
                            .get(2))
                    .satisfies(each -> {
                        assertThat(each.alive()).isFalse();
                        assertThat(each.stoppedAt()).isPresent();
                    });
        }
    }

    @Test
    void aTerminatedSessionIsAnnouncedAndReplacedWithAHigherEpoch() throws Exception {
        try (TestNode a = node("a");
                TestNode b = node("b")) {
            awaitShares(6, a, b);
            Map<String, Lease> before = a.announced();
            a.quiet(false);
            terminate(a);
            await().atMost(REPLACED).until(() -> b.announced().size() == KEYS.size());
            await().atMost(SOON).until(() -> a.announced().isEmpty());
            before.forEach((key, lease) -> {
                assertThat(a.node().lease(key)).isEmpty();
                assertThat(b.node().lease(key).orElseThrow().epoch()).isGreaterThan(lease.epoch());
            });
            assertThat(a.node().problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("owns nothing"));
            // Something is in flight, so it has not joined again.
            assertThat(a.node().backend()).isEmpty();
            a.quiet(true);
            awaitShares(6, a, b);
            assertThat(a.node().problem()).isEmpty();
        }
    }

    @Test
    void aPausedNodeStopsBelievingInItsLeasesBeforeAnotherTakesThem() throws Exception {
        try (TestNode a = node("a");
                TestNode b = node("b")) {
            awaitShares(6, a, b);
            Map<String, Lease> before = a.announced();
            CountDownLatch resumed = new CountDownLatch(1);
            a.holdHeartbeat(resumed);
            try {
                await().atMost(REPLACED).until(() -> b.announced().size() == KEYS.size());
                assertThat(before.keySet()).allMatch(key -> a.node().lease(key).isEmpty());
                await().atMost(SOON).until(() -> a.announced().isEmpty());
            } finally {
                resumed.countDown();
            }
        }
    }

    @Test
    void aNodeThatIsCutOffIsReplaced() throws Exception {
        try (SwallowingProxy proxy = SwallowingProxy.to(PostgresServer.port());
                TestNode a = new TestNode("a", PostgresServer.through(proxy.port(), url), KEYS, Clock.systemUTC())
                        .started();
                TestNode b = node("b")) {
            awaitShares(6, a, b);
            proxy.swallow(true);
            await().atMost(REPLACED).until(() -> b.announced().size() == KEYS.size());
            await().atMost(SOON).until(() -> a.announced().isEmpty());
            assertThat(KEYS).allMatch(key -> a.node().lease(key).isEmpty());
            proxy.swallow(false);
            awaitShares(6, a, b);
        }
    }

    @Test
    void aBusyKeyMovesOnlyWhenItIsIdle() throws Exception {
        try (TestNode a = node("a")) {
            awaitShares(12, a);
            a.busy(KEYS);
            try (TestNode b = node("b")) {
                await().atMost(SOON).until(() -> a.node().liveNodes().size() == 2);
                Set<String> movable = new HashSet<>(KEYS);
                // Of those that the other node prefers, each moves once it is idle.
                for (int moved = 1; moved <= 2; moved++) {
                    String next = idleUntilOneMoves(a, b, movable, moved);
                    movable.remove(next);
                    assertThat(a.announced()).hasSize(12 - moved);
                }
            }
        }
    }

    /** Lets only keys become idle that still belong here, until the other node has one more. */
    private static String idleUntilOneMoves(TestNode a, TestNode b, Set<String> movable, int moved) {
        String preferred = movable.stream()
                .filter(key -> Placement.of(KEYS, Set.of("a", "b"))
                        .preferred(key)
                        .orElseThrow()
                        .equals("b"))
                .findFirst()
                .orElseThrow();
        Set<String> busy = new HashSet<>(movable);
        busy.remove(preferred);
        a.busy(busy);
        await().atMost(SOON).until(() -> b.announced().size() == moved);
        assertThat(b.announced()).containsKey(preferred);
        return preferred;
    }

    @Test
    void ofTwoNodesThatRaceForAKeyOneWins() throws Exception {
        ClusterDatabase database = new ClusterDatabase(url, PostgresServer::administrator);
        NodeSession a = NodeSession.open(database, ClusterSettings.DEFAULT, identity("a"), Clock.systemUTC());
        NodeSession b = NodeSession.open(database, ClusterSettings.DEFAULT, identity("b"), Clock.systemUTC());
        ExecutorService racers = Executors.newFixedThreadPool(2);
        try {
            a.add(List.of("key"));
            CyclicBarrier together = new CyclicBarrier(2);
            List<Integer> wins = new ArrayList<>();
            long epoch = 0;
            for (int round = 0; round < 300; round++) {
                Future<Map<String, Long>> one = racers.submit(() -> {
                    together.await();
                    return a.take(List.of("key"));
                });
                Future<Map<String, Long>> other = racers.submit(() -> {
                    together.await();
                    return b.take(List.of("key"));
                });
                assertThat(one.get().size() + other.get().size())
                        .as("winners of round %d", round)
                        .isEqualTo(1);
                NodeSession winner = one.get().isEmpty() ? b : a;
                wins.add(winner == a ? 1 : 0);
                long now = (one.get().isEmpty() ? other : one).get().getOrDefault("key", 0L);
                assertThat(now).isGreaterThan(epoch);
                epoch = now;
                assertThat((winner == a ? b : a).take(List.of("key"))).isEmpty();
                assertThat((winner == a ? b : a).release(List.of("key"))).isEmpty();
                assertThat(winner.release(List.of("key"))).containsExactly("key");
            }
            assertThat(new HashSet<>(wins)).hasSize(2);
        } finally {
            racers.shutdownNow();
            a.close();
            b.close();
        }
    }

    /** A writer of the store holds the row of its site until its transaction ends. */
    @Test
    void aTransactionThatADeadNodeLeftEndsSoThatItsSitesMove() throws Exception {
        Set<String> one = Set.of("site-0");
        try (TestNode a = new TestNode("a", url, one, Clock.systemUTC()).started()) {
            await().atMost(SOON).until(() -> a.announced().keySet().equals(one));
            // Of the same node, but without its session's timeouts, as if PostgreSQL had not noticed yet.
            try (Connection left = connectionOf("a");
                    Connection ofOthers = connectionOf("b")) {
                lockRow(left, "site-0");
                ofOthers.setAutoCommit(false);
                ofOthers.createStatement().execute("LOCK TABLE site_owner IN ROW SHARE MODE");
                a.quiet(false);
                terminate(a);
                try (TestNode b = new TestNode("b", url, one, Clock.systemUTC()).started()) {
                    await().atMost(REPLACED).until(() -> b.announced().keySet().equals(one));
                }
                assertThatThrownBy(left::commit).isInstanceOf(SQLException.class);
                ofOthers.commit();
            }
        }
    }

    private Connection connectionOf(String node) throws SQLException {
        Properties properties = PostgresServer.administrator();
        properties.setProperty("ApplicationName", NodeIdentity.applicationName(node));
        return DriverManager.getConnection(url, properties);
    }

    private static void lockRow(Connection connection, String site) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT node FROM site_owner WHERE site = ? FOR UPDATE")) {
            lock.setString(1, site);
            lock.executeQuery().close();
        }
    }

    @Test
    void aRowThatAWriterHoldsIsLeftOutWithoutWaiting() throws Exception {
        ClusterDatabase database = new ClusterDatabase(url, PostgresServer::administrator);
        NodeSession a = NodeSession.open(database, ClusterSettings.DEFAULT, identity("a"), Clock.systemUTC());
        try (Connection writer = PostgresServer.connection(url)) {
            a.add(List.of("held", "free"));
            writer.setAutoCommit(false);
            try (PreparedStatement lock =
                    writer.prepareStatement("SELECT node, epoch FROM site_owner WHERE site = 'held' FOR UPDATE")) {
                lock.executeQuery().close();
            }
            assertThat(a.take(List.of("held", "free"))).containsOnlyKeys("free");
            writer.rollback();
            assertThat(a.take(List.of("held"))).containsOnlyKeys("held");
        } finally {
            a.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPoolerInTransactionModeIsRefused(boolean newestFirst) throws Exception {
        try (TransactionPooler pooler =
                        TransactionPooler.to(PostgresServer.port(), PostgresServer.name(url), newestFirst);
                TestNode a = new TestNode("a", PostgresServer.through(pooler.port(), url), KEYS, Clock.systemUTC())) {
            assertThatThrownBy(a::started)
                    .isInstanceOfSatisfying(JoinRefused.class, refused -> assertThat(refused.reason())
                            .isEqualTo(JoinRefused.Reason.POOLER))
                    .hasMessageContaining("pooler in transaction mode")
                    .hasMessageContaining("Use the address of the PostgreSQL server itself");
        }
    }

    @Test
    void aServerBeforeVersion14IsRefused() {
        assertThatThrownBy(() -> NodeSession.requireVersion(130_022, "13.22"))
                .hasMessageContaining("PostgreSQL 13.22 is too old")
                .hasMessageContaining("14 or newer");
        NodeSession.requireVersion(140_000, "14.0");
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() {
        try (TestNode a = new TestNode("a", PostgresServer.through(1, url), KEYS, Clock.systemUTC())) {
            assertThatThrownBy(a::started)
                    .isInstanceOfSatisfying(JoinRefused.class, refused -> assertThat(refused.reason())
                            .isEqualTo(JoinRefused.Reason.UNREACHABLE));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClockThatIsOffIsReportedOrRefused() throws Exception {
        Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(5));
        try (TestNode a = new TestNode("a", url, KEYS, fast).started()) {
            assertThat(a.node().clockWarning().orElseThrow()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
            awaitShares(12, a);
        }
        Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-60));
        try (TestNode a = new TestNode("a", url, KEYS, slow)) {
            assertThatThrownBy(a::started)
                    .isInstanceOf(JoinRefused.class)
                    .hasMessageContaining("s behind the clock of the PostgreSQL server; the limit is 30 s");
        }
    }

    @Test
    void aNameBelongsToOneNode() throws Exception {
        try (TestNode first = node("a");
                TestNode second = new TestNode("a", url, KEYS, Clock.systemUTC())) {
            awaitShares(12, first);
            assertThatThrownBy(second::started)
                    .isInstanceOf(JoinRefused.class)
                    .hasMessageContaining("a node named a is already running on host-of-a");
            assertThat(first.announced()).hasSize(12);
        }
    }

    private void awaitShares(int each, TestNode... nodes) {
        await().atMost(SOON).untilAsserted(() -> {
            Map<String, String> owners = new ClusterView(() -> PostgresServer.connection(url)).owners();
            assertThat(owners.keySet()).isEqualTo(KEYS);
            for (TestNode node : nodes) {
                assertThat(node.announced()).hasSize(each);
                assertThat(node.announced().keySet())
                        .allMatch(key -> node.node().runs(key));
                node.announced().forEach((key, lease) -> assertThat(owners).containsEntry(key, lease.node()));
            }
        });
    }

    private void terminate(TestNode node) throws Exception {
        try (Connection connection = PostgresServer.connection(url);
                PreparedStatement terminate = connection.prepareStatement("SELECT pg_terminate_backend(?)")) {
            terminate.setInt(1, node.node().backend().orElseThrow());
            terminate.executeQuery().close();
        }
    }

    private static NodeIdentity identity(String name) {
        return new NodeIdentity(name, "host", "1.0");
    }

    private TestNode node(String name) throws Exception {
        return new TestNode(name, url, KEYS, Clock.systemUTC()).started();
    }
}
