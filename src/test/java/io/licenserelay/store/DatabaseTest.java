package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.fixture.AtOnce;
import io.licenserelay.store.schema.Migrations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final int THREADS = 32;
    private static final int WRITES = 800;

    @TempDir
    Path folder;

    @Test
    void manyThreadsThatReadAndThenWriteNeverMeetABusyDatabase() throws Exception {
        // Two pools on one file, as two processes would have: within one pool writers wait in the pool already.
        try (Database one = Database.open(folder);
                Database other = Database.open(folder)) {
            counter(one);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<Integer>> written = new ArrayList<>();
            for (int i = 0; i < WRITES; i++) {
                Database database = i % 2 == 0 ? one : other;
                written.add(threads.submit(() -> database.write(Database.RELAY, DatabaseTest::count)));
            }
            for (Future<Integer> each : written) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(1);
            }
            threads.shutdown();
            assertThat(one.read(DatabaseTest::counted)).isEqualTo(WRITES);
        }
    }

    @Test
    void everyMigrationOfTheFolderCountsInTheFingerprint() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources", Migrations.FOLDER))) {
            assertThat(files.map(file -> Migrations.FOLDER + "/" + file.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(Migrations.PACKED.files());
        }
    }

    @Test
    void aSchemaOfOtherMigrationsIsLookedIntoAnew() {
        Database.open(folder).close();
        try (Database database = Database.open(folder)) {
            database.write(Database.RELAY, tx -> {
                tx.execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'");
                return tx.execute("PRAGMA user_version = 12345");
            });
        }
        assertThatThrownBy(() -> Database.open(folder))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("Move the folder to another place")
                .hasStackTraceContaining("checksum mismatch");
    }

    @Test
    void aReaderSeesOneSnapshotWhileAWriterGoesOn() {
        try (Database database = Database.open(folder)) {
            counter(database);
            database.read(tx -> {
                assertThat(counted(tx)).isZero();
                database.write(Database.RELAY, DatabaseTest::count);
                assertThat(counted(tx)).isZero();
                return 0;
            });
            assertThat(database.read(DatabaseTest::counted)).isEqualTo(1);
        }
    }

    @Test
    void aReaderCannotWrite() {
        try (Database database = Database.open(folder)) {
            counter(database);
            assertThatThrownBy(() -> database.read(DatabaseTest::count))
                    .isInstanceOf(StoreFailed.class)
                    .hasMessageContaining("readonly");
            assertThat(database.read(DatabaseTest::counted)).isZero();
        }
    }

    @Test
    void whatThrowsLeavesNothingBehind() {
        try (Database database = Database.open(folder)) {
            counter(database);
            assertThatThrownBy(() -> database.write(Database.RELAY, tx -> {
                        count(tx);
                        throw new IllegalStateException("half way");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("half way");
            assertThat(database.read(DatabaseTest::counted)).isZero();
            assertThat(database.write(Database.RELAY, DatabaseTest::count)).isEqualTo(1);
        }
    }

    @Test
    void whatWaitsTogetherIsCommittedTogetherAndFailsEachByItself() throws Exception {
        try (Database database = Database.open(folder)) {
            counter(database);
            Set<Thread> ranOn = new CopyOnWriteArraySet<>();
            List<Runnable> works = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                boolean fails = i % 5 == 3;
                works.add(() -> ranOn.add(database.write(Database.RELAY, tx -> countedBy(tx, fails))));
            }
            List<Throwable> thrown = AtOnce.run(database, works).stream()
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(thrown).hasSize(2).allSatisfy(each -> assertThat(each).isInstanceOf(StoreFailed.class));
            assertThat(ranOn).as("one thread's transaction holds them all").hasSize(1);
            assertThat(database.read(DatabaseTest::counted)).isEqualTo(8);
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread countedBy(Handle tx, boolean fails) {
        count(tx);
        if (fails) {
            tx.execute("INSERT INTO counter VALUES (1, 0)");
        }
        return Thread.currentThread();
    }

    @Test
    void aRefusalIsToldWithoutTheValuesThatWereBound() {
        try (Database database = Database.open(folder)) {
            counter(database);
            assertThatThrownBy(() -> database.write(
                            Database.RELAY, tx -> tx.execute("INSERT INTO counter VALUES (1, ?)", "a long body")))
                    .isInstanceOf(StoreFailed.class)
                    .hasMessageStartingWith("the database refused: ")
                    .hasMessageContaining("UNIQUE")
                    .hasMessageNotContaining("a long body");
        }
    }

    @Test
    void aWorkThatAsksForAnotherIsToldInsteadOfWaitingForItself() {
        try (Database database = Database.open(folder)) {
            counter(database);
            assertThatThrownBy(() -> database.write(Database.RELAY, tx -> {
                        tx.execute("UPDATE counter SET n = 7");
                        return database.write(Database.RELAY, DatabaseTest::count);
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(database.read(DatabaseTest::counted)).isZero();
        }
    }

    @Test
    void aStoreThatIsClosedRefusesWhatComesLater() {
        Database database = Database.open(folder);
        database.close();
        assertThatThrownBy(() -> database.write(Database.RELAY, tx -> 1))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("closed");
    }

    @Test
    void openingAgainKeepsWhatIsThereAndMigratesNothingTwice() {
        long migrations;
        try (Database database = Database.open(folder)) {
            counter(database);
            database.write(Database.RELAY, DatabaseTest::count);
            migrations = database.read(DatabaseTest::migrations);
        }
        assertThat(migrations).isPositive();
        try (Database database = Database.open(folder)) {
            assertThat(database.read(DatabaseTest::migrations)).isEqualTo(migrations);
            assertThat(database.read(DatabaseTest::counted)).isEqualTo(1);
        }
    }

    @Test
    void whatIsWrittenIsWrittenThroughToTheDisk() {
        try (Database database = Database.open(folder)) {
            assertThat(database.<String>write(Database.RELAY, tx -> pragma(tx, "journal_mode")))
                    .isEqualTo("wal");
            assertThat(database.<String>write(Database.RELAY, tx -> pragma(tx, "synchronous")))
                    .as("FULL")
                    .isEqualTo("2");
        }
    }

    private static void counter(Database database) {
        database.write(
                Database.RELAY, tx -> tx.execute("CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"));
        database.write(Database.RELAY, tx -> tx.execute("INSERT INTO counter VALUES (1, 0)"));
    }

    private static int count(Handle tx) {
        return tx.execute("UPDATE counter SET n = ?", counted(tx) + 1);
    }

    private static long counted(Handle tx) {
        return tx.createQuery("SELECT n FROM counter").mapTo(Long.class).one();
    }

    private static long migrations(Handle tx) {
        return tx.createQuery("SELECT COUNT(*) FROM flyway_schema_history")
                .mapTo(Long.class)
                .one();
    }

    private static String pragma(Handle tx, String name) {
        return tx.createQuery("PRAGMA " + name).mapTo(String.class).one();
    }
}
