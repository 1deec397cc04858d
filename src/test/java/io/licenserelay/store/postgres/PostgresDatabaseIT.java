package io.licenserelay.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.fixture.SwallowingProxy;
import io.licenserelay.store.Database;
import io.licenserelay.store.NotOwner;
import io.licenserelay.store.StoreFailed;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresDatabaseIT {
    private static final String A = "hq";
    private static final String B = "branch";
    private static final SiteFence NONE = new SiteFence() {
        @Override
        public void enter(Handle tx, String site) {}

        @Override
        public void share(Handle tx, String site) {}
    };

    private final Map<String, SiteLease> leases = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String url = PostgresServer.newDatabase();
    private final SiteLeases ownership = new SiteLeases() {
        @Override
        public Optional<SiteLease> of(String site) {
            return Optional.ofNullable(leases.get(site));
        }

        @Override
        public boolean works(String site) {
            return leases.containsKey(site);
        }
    };
    private Database database;
    /** Writes what another relay would: nothing refuses it. */
    private Database unfenced;

    @BeforeEach
    void begin() {
        database = open(url);
        unfenced = PostgresDatabase.open(url, PostgresServer::administrator, ownership, NONE);
        for (String site : List.of(A, B)) {
            own(site, "node-1", 1);
            leases.put(site, new SiteLease("node-1", 1));
        }
        unfenced.write(A, tx -> tx.execute("CREATE TABLE counter (site TEXT PRIMARY KEY, n BIGINT NOT NULL)"));
        unfenced.write(A, tx -> tx.execute("INSERT INTO counter VALUES (?, 0), (?, 0)", A, B));
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        database.close();
        unfenced.close();
    }

    /** A network that lost the answer reports nothing, so the wait would not end by itself. */
    @Test
    void anAbortEndsAStatementWhoseAnswerWasLostAndLaterWritesUseNewConnections() throws Exception {
        try (SwallowingProxy network = SwallowingProxy.to(
                        URI.create(url.substring("jdbc:".length())).getPort());
                PostgresDatabase remote = PostgresDatabase.open(
                        url.replaceFirst(":\\d+/", ":" + network.port() + "/"),
                        PostgresServer::administrator,
                        ownership)) {
            CountDownLatch began = new CountDownLatch(1);
            Future<Long> stuck = threads.submit(() -> remote.<Long>write(A, tx -> {
                network.swallow(true);
                began.countDown();
                return count(tx, A);
            }));
            began.await();
            remote.abort();
            assertThatThrownBy(() -> stuck.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreFailed.class);
            network.swallow(false);
            assertThat(remote.<Long>write(B, tx -> count(tx, B))).isEqualTo(1);
        }
    }

    @Test
    void aWriteOfTheOwnerIsCommittedAndAFailedOneIsRolledBack() {
        assertThat(database.<Long>write(A, tx -> count(tx, A))).isEqualTo(1);
        assertThatThrownBy(() -> database.write(A, tx -> {
                    count(tx, A);
                    throw new IllegalStateException("the work fails");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the work fails");
        assertThat(counted(A)).isEqualTo(1);
    }

    @Test
    void aTextWithANulCharacterIsStoredWithAReplacement() {
        own("hq", "node-1", 1);
        String read = database.write("hq", tx -> {
            tx.execute(
                    "INSERT INTO shared_folder (site, folder, marker, node, path, marked_at, confirmed)"
                            + " VALUES (?, 'inbox', 'm', 'n', 'p', 0, 0)",
                    "a\0b");
            return tx.createQuery("SELECT site FROM shared_folder WHERE site = :site")
                    .bind("site", "a\0b")
                    .mapTo(String.class)
                    .one();
        });
        assertThat(read).isEqualTo("a\uFFFDb");
    }

    @Test
    void aSiteWithoutALeaseIsNotWritten() {
        leases.remove(A);
        assertThatThrownBy(() -> database.write(A, tx -> count(tx, A))).isInstanceOf(NotOwner.class);
        assertThatThrownBy(() -> database.prepare(A, tx -> count(tx, A))).isInstanceOf(NotOwner.class);
        assertThat(counted(A)).isZero();
    }

    @Test
    void aRelayThatMissedATakeoverCannotWrite() {
        own(A, "node-2", 2);
        assertThatThrownBy(() -> database.write(A, tx -> count(tx, A)))
                .isInstanceOf(NotOwner.class)
                .hasMessageContaining("\"hq\"")
                .hasMessageContaining("node-2");
        assertThatThrownBy(() -> database.prepare(A, tx -> count(tx, A))).isInstanceOf(NotOwner.class);
        assertThat(counted(A)).isZero();
        assertThat(database.<Long>write(B, tx -> count(tx, B)))
                .as("another site")
                .isEqualTo(1);
    }

    @Test
    void aFormerLeaseOfTheSameRelayCannotWrite() {
        own(A, "node-1", 3);
        assertThatThrownBy(() -> database.write(A, tx -> count(tx, A))).isInstanceOf(NotOwner.class);
        leases.put(A, new SiteLease("node-1", 3));
        assertThat(database.<Long>write(A, tx -> count(tx, A))).isEqualTo(1);
    }

    @Test
    void noConcurrentWriteOfASiteIsLostEvenFromTwoConnectionPools() throws Exception {
        try (Database second = open(url)) {
            countConcurrently(List.of(database, second), 200);
        }
        assertThat(counted(A)).isEqualTo(400);
    }

    @Test
    void withoutTheFenceConcurrentWritesOfTwoPoolsAreLost() throws Exception {
        try (Database second = PostgresDatabase.open(url, PostgresServer::administrator, ownership, NONE)) {
            countConcurrently(List.of(unfenced, second), 200);
        }
        assertThat(counted(A)).isBetween(1L, 399L);
    }

    @Test
    void aWriteWaitsForNoOtherSite() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<Long> held = threads.submit(() -> database.write(A, tx -> {
            long n = count(tx, A);
            begun.countDown();
            await(end);
            return n;
        }));
        begun.await();
        assertThat(database.<Long>write(B, tx -> count(tx, B))).isEqualTo(1);
        end.countDown();
        assertThat(held.get()).isEqualTo(1);
    }

    @Test
    void aTakeoverWaitsForTheWriteThatHasBegun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<Long> held = threads.submit(() -> database.write(A, tx -> {
            begun.countDown();
            await(end);
            return count(tx, A);
        }));
        begun.await();
        Future<?> takeover = threads.submit(() -> own(A, "node-2", 2));
        unfenced.read(tx -> {
            while (waitingForLocks(tx) == 0) {
                Thread.onSpinWait();
            }
            return 0;
        });
        assertThat(takeover.isDone()).isFalse();
        end.countDown();
        assertThat(held.get()).isEqualTo(1);
        takeover.get();
        assertThatThrownBy(() -> database.write(A, tx -> count(tx, A))).isInstanceOf(NotOwner.class);
    }

    @Test
    void aReadSeesOneSnapshotAndCannotWrite() {
        long seen = database.<Long>read(tx -> {
            long before = counted(tx, A);
            unfenced.write(A, other -> count(other, A));
            assertThat(counted(tx, A)).isEqualTo(before);
            return before;
        });
        assertThat(counted(A)).isEqualTo(seen + 1);
        assertThatThrownBy(() -> database.read(tx -> count(tx, A)))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void aWriteInsideAWriteIsRefusedAtOnce() {
        assertThatThrownBy(() -> database.write(A, tx -> database.write(A, inner -> count(inner, A))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not start another write");
    }

    @Test
    void aSecondStartFindsTheSchemaAndTheData() {
        database.write(A, tx -> count(tx, A));
        database.close();
        try (Database again = open(url)) {
            assertThat(again.<Long>read(tx -> counted(tx, A))).isEqualTo(1);
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() {
        assertThatThrownBy(() -> open("jdbc:postgresql://127.0.0.1:1/relay"))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("127.0.0.1:1/relay")
                .hasMessageNotContaining("postgres\n")
                .satisfies(e -> assertThat(((StoreFailed) e).isUnwritable()).isTrue());
    }

    private Database open(String address) {
        return PostgresDatabase.open(address, PostgresServer::administrator, ownership);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void own(String site, String node, long epoch) {
        unfenced.write(
                site,
                tx -> tx.execute(
                        "INSERT INTO site_owner (site, node, epoch) VALUES (?, ?, ?)"
                                + " ON CONFLICT (site) DO UPDATE SET node = excluded.node, epoch = excluded.epoch",
                        site,
                        node,
                        epoch));
    }

    private void countConcurrently(List<Database> databases, int times) throws Exception {
        List<Future<Long>> counts = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            for (Database each : databases) {
                counts.add(threads.submit(() -> each.write(A, tx -> count(tx, A))));
            }
        }
        for (Future<Long> each : counts) {
            each.get();
        }
    }

    /** Reads and then writes, as domain code does: right only if writes of a site run one after the other. */
    private static long count(Handle tx, String site) {
        long next = counted(tx, site) + 1;
        tx.execute("UPDATE counter SET n = ? WHERE site = ?", next, site);
        return next;
    }

    private static long counted(Handle tx, String site) {
        return tx.createQuery("SELECT n FROM counter WHERE site = :site")
                .bind("site", site)
                .mapTo(Long.class)
                .one();
    }

    private long counted(String site) {
        return database.read(tx -> counted(tx, site));
    }

    private static long waitingForLocks(Handle tx) {
        return tx.createQuery("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
                .mapTo(Long.class)
                .one();
    }
}
