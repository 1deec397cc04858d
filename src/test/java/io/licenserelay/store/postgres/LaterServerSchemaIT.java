package io.licenserelay.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.store.Database;
import io.licenserelay.store.NotOwner;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.schema.LaterMigrations;
import io.licenserelay.store.schema.Migrations;
import io.licenserelay.store.schema.SchemaState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Relays of several versions on one PostgreSQL database. */
class LaterServerSchemaIT {
    private static final SiteLeases ALL = new SiteLeases() {
        @Override
        public Optional<SiteLease> of(String site) {
            return Optional.of(new SiteLease("node-1", 1));
        }

        @Override
        public boolean works(String site) {
            return true;
        }
    };

    private final String url = PostgresServer.newDatabase();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void ofRelaysThatMigrateAtTheSameTimeOneDoesAndTheOthersWait() throws Exception {
        open(Migrations.PACKED).close();
        List<Future<PostgresDatabase>> starts = new ArrayList<>();
        try (Connection other = PostgresServer.connection(url);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE run IN ACCESS SHARE MODE");
            for (int i = 0; i < 3; i++) {
                starts.add(threads.submit(() -> open(LaterMigrations.ADDITIVE)));
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> count("SELECT COUNT(*) FROM pg_locks WHERE NOT granted") == 1);
            assertThat(starts).noneMatch(Future::isDone);
            other.rollback();
        }
        for (Future<PostgresDatabase> each : starts) {
            each.get(1, TimeUnit.MINUTES).close();
        }
        assertThat(count("SELECT COUNT(*) FROM flyway_schema_history WHERE version = '2' AND success"))
                .isEqualTo(1);
    }

    /** The driver prepares a statement on the server once it has run five times; PostgreSQL refuses it when its columns change. */
    @Test
    void aColumnThatANewerRelayAddsDoesNotDisturbTheStatementsOfARunningOne() {
        open(Migrations.PACKED).close();
        execute("INSERT INTO site_owner (site, node, epoch) VALUES ('hq', 'node-1', 1)");
        try (Database older = open(Migrations.PACKED)) {
            readOften(older);
            open(LaterMigrations.ADDITIVE).close();
            readOften(older);
        }
    }

    private static void readOften(Database database) {
        for (int i = 0; i < 20; i++) {
            assertThat(database.read(LaterServerSchemaIT::runs)).isEmpty();
            assertThat(database.write("hq", LaterServerSchemaIT::runs)).isEmpty();
        }
    }

    @Test
    void anOlderRelayGoesOnOrIsRefusedWithBothVersionsAndTheFix() {
        open(LaterMigrations.ADDITIVE).close();
        open(Migrations.PACKED).close();
        assertThat(PostgresDatabase.reading(url, PostgresServer::administrator)).hasValueSatisfying(Database::close);
        open(LaterMigrations.BREAKING).close();
        open(LaterMigrations.BREAKING).close();

        assertThatThrownBy(() -> open(LaterMigrations.ADDITIVE))
                .isInstanceOf(StoreFailed.class)
                .hasMessageStartingWith("The database " + url + " has schema version 3, ")
                .hasMessageContaining(
                        "Only relays with schema version 3 or higher may use it; this relay has schema version 2.")
                .hasMessageContaining("Install the newer version again")
                .satisfies(e -> assertThat(((StoreFailed) e).unfitSchema()).contains(SchemaState.Fit.TOO_NEW));
        assertThatThrownBy(() -> PostgresDatabase.reading(url, PostgresServer::administrator))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("this relay has schema version 1.");
        assertThatThrownBy(() -> PostgresDatabase.beside(url, PostgresServer::administrator))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("this relay has schema version 1.");
    }

    @Test
    void aCommandOfANewerVersionSaysThatTheSchemaIsNotMigratedYet() {
        open(Migrations.PACKED).close();
        assertThatThrownBy(() -> PostgresDatabase.reading(url, PostgresServer::administrator, LaterMigrations.ADDITIVE))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("has schema version 1, written by an older version")
                .hasMessageContaining("needs schema version 2");
    }

    @Test
    void theMigrationThatExcludesARelayTakesItsRightToWriteInTheSameTransaction() {
        try (Database older = open(Migrations.PACKED)) {
            execute("INSERT INTO site_owner (site, node, epoch) VALUES ('hq', 'node-1', 1)");
            assertThat(older.<Integer>write("hq", LaterServerSchemaIT::addRun)).isEqualTo(1);
            open(LaterMigrations.BREAKING).close();
            assertThatThrownBy(() -> older.write("hq", LaterServerSchemaIT::addRun))
                    .isInstanceOf(NotOwner.class);
        }
    }

    private PostgresDatabase open(Migrations migrations) {
        return PostgresDatabase.open(url, PostgresServer::administrator, ALL, migrations);
    }

    private static int addRun(Handle tx) {
        return tx.execute(
                "INSERT INTO run (id, site, cause, traceparent, started_at) VALUES (1, 'hq', 'schedule', '', 1)");
    }

    private static List<Long> runs(Handle tx) {
        return tx.createQuery("SELECT * FROM run WHERE site = :site")
                .bind("site", "hq")
                .map((row, context) -> row.getLong("id"))
                .list();
    }

    private void execute(String sql) {
        try (Connection connection = PostgresServer.connection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = PostgresServer.connection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
