package io.licenserelay.store.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.cluster.ClusterView;
import io.licenserelay.cluster.JoinRefused;
import io.licenserelay.cluster.TestNode;
import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.postgres.CopyTarget;
import io.licenserelay.store.schema.LaterMigrations;
import io.licenserelay.store.schema.Migrations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** A copy from SQLite to PostgreSQL has all rows, or none. */
class StateCopyIT {
    private static final int ROWS = 603;
    private static final int LARGE = 100;
    private static final List<String> TEXTS =
            List.of("", "ü€😀", "a 'quoted' \"text\"; \\ %", "line\nline\ttab", "x".repeat(300));

    /** The database file with rows in all tables; empty until a test needs it. */
    private static byte[] filled = {};

    @TempDir
    Path data;

    private final String url = PostgresServer.newDatabase();

    @BeforeEach
    void createSchema() {
        Database.open(data).close();
    }

    @Test
    void everyRowOfEveryTableArrivesAndIsCompared() throws Exception {
        fill();
        List<CopiedTable> copied = copy();
        assertThat(copied).hasSizeGreaterThan(30).allSatisfy(each -> {
            assertThat(each.source()).isEqualTo(each.target());
            assertThat(each.source().rows()).as(each.name()).isEqualTo(ROWS);
        });
        assertThat(copied).extracting(each -> each.source().digest()).allMatch(each -> each.matches("[0-9a-f]{64}"));
        try (Connection from = source();
                Connection to = PostgresServer.connection(url)) {
            for (StoredTable each : StoredTable.of(to)) {
                assertThat(rows(to, each)).as(each.name()).isEqualTo(rows(from, each));
            }
        }
    }

    @Test
    void theTargetContinuesTheNumbersOfTheSourceAlsoThoseOfDeletedRows() throws Exception {
        String event =
                "INSERT INTO outbox (kind, topic, record_key, headers, created_at) VALUES ('event', 't', 'k', '{}', 1)";
        String outage = "INSERT INTO store_outage (failed_at, message) VALUES (1, 'full')";
        onSource(event, event, event, event, event, "DELETE FROM outbox", outage, outage, outage);
        assertThat(copy()).allMatch(CopiedTable::isEqual);
        onTarget(event, outage);
        assertThat(number("SELECT MAX(seq) FROM outbox")).isEqualTo(6);
        assertThat(number("SELECT MAX(seq) FROM store_outage")).isEqualTo(4);
    }

    @Test
    void aCopyThatDiffersInOneValueIsNotCommittedAndNamesTheTable() throws Exception {
        fill();
        copyIsRefusedBefore("run", "IF NEW.id = 7 THEN NEW.cause := 'other'; END IF; RETURN NEW;", () -> assertThat(
                        copy())
                .filteredOn(each -> !each.isEqual())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.name()).isEqualTo("run");
                    assertThat(each.target().rows()).isEqualTo(each.source().rows());
                }));
        assertThat(copy()).allMatch(CopiedTable::isEqual);
    }

    @Test
    void aCopyThatLosesARowIsNotCommitted() throws Exception {
        fill();
        copyIsRefusedBefore("license", "IF NEW.id = 7 THEN RETURN NULL; END IF; RETURN NEW;", () -> assertThat(copy())
                .anySatisfy(each -> assertThat(each.target().rows()).isEqualTo(ROWS - 1)));
    }

    @Test
    void aCopyThatIsInterruptedLeavesTheTargetEmptyAndRunsAgain() throws Exception {
        fill();
        copyIsRefusedBefore(
                "submission",
                "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW;",
                () -> assertThatThrownBy(this::copy).isInstanceOf(StoreFailed.class));
        assertThat(copy()).allMatch(CopiedTable::isEqual);
    }

    @Test
    void aTargetThatHasAStateIsRefusedAndKeepsIt() throws Exception {
        fill();
        copy();
        assertThatThrownBy(this::copy)
                .isInstanceOf(CopyRefused.class)
                .hasMessageContaining("The target already has a state")
                .hasMessageContaining("Give relay.store.url an empty database");
        assertThat(number("SELECT COUNT(*) FROM run")).isEqualTo(ROWS);
    }

    @Test
    void aTargetWithALiveRelayIsRefused() throws Exception {
        fill();
        Migrations.PACKED.bringUpToDate(target(), Migrations.POSTGRESQL);
        try (TestNode node = new TestNode("node-1", url, Set.of("hq"), Clock.systemUTC()).started()) {
            assertThat(node.keys()).isNotEmpty();
            assertThatThrownBy(this::copy)
                    .isInstanceOf(CopyRefused.class)
                    .hasMessageContaining("A relay is alive in the target")
                    .hasMessageContaining("Stop all relays");
        }
        assertThat(copy()).as("after it has stopped").allMatch(CopiedTable::isEqual);
    }

    @Test
    void noRelayJoinsWhileACopyIsInProgress() throws Exception {
        fill();
        AtomicReference<@Nullable Throwable> refused = new AtomicReference<>();
        List<CopiedTable> copied = copy(transaction -> {
            boolean alone = ClusterView.keepNodesAway(transaction);
            try (TestNode node = new TestNode("node-1", url, Set.of("hq"), Clock.systemUTC()).started()) {
                assertThat(node).isNull();
            } catch (JoinRefused | InterruptedException e) {
                refused.set(e);
            }
            return alone;
        });
        assertThat(copied).allMatch(CopiedTable::isEqual);
        assertThat(refused.get())
                .isInstanceOf(JoinRefused.class)
                .hasMessageContaining("copies the state of another relay into this database")
                .hasMessageContaining("Start this relay when the copy has ended");
    }

    @Test
    void aSourceOrTargetOfAnotherSchemaVersionIsRefused() throws Exception {
        SQLiteDataSource newer = new SQLiteDataSource();
        newer.setUrl(sourceUrl());
        LaterMigrations.ADDITIVE.bringUpToDate(newer, Migrations.SQLITE);
        assertThatThrownBy(this::copy)
                .isInstanceOf(CopyRefused.class)
                .hasMessageContaining(
                        "The source has schema version 2, but this version of License Relay has schema version 1")
                .hasMessageContaining("Use the version of License Relay that used the source last");
    }

    @Test
    void soIsATarget() throws Exception {
        LaterMigrations.ADDITIVE.bringUpToDate(target(), Migrations.POSTGRESQL);
        assertThatThrownBy(this::copy)
                .isInstanceOf(CopyRefused.class)
                .hasMessageContaining(
                        "The target has schema version 2, but this version of License Relay has schema version 1");
    }

    @Test
    void aValueThatPostgresqlCannotStoreIsNamedByItsColumnOnly() throws Exception {
        onSource("INSERT INTO store_outage (failed_at, message) VALUES (1, 'secret-part' || char(0))");
        assertThatThrownBy(this::copy)
                .isInstanceOf(CopyRefused.class)
                .hasMessageContaining("table store_outage")
                .hasMessageContaining("column message")
                .hasMessageContaining("U+0000")
                .hasMessageNotContaining("secret-part");
    }

    private interface Attempt {
        void make() throws Exception;
    }

    /** Makes the attempt while a trigger changes what comes into the table, and shows that the target is empty afterwards. */
    private void copyIsRefusedBefore(String table, String trigger, Attempt attempt) throws Exception {
        Migrations.PACKED.bringUpToDate(target(), Migrations.POSTGRESQL);
        onTarget(
                "CREATE FUNCTION disturb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + trigger + " END $$",
                "CREATE TRIGGER disturb BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION disturb()");
        attempt.make();
        try (Connection to = PostgresServer.connection(url)) {
            for (StoredTable each : StoredTable.of(to)) {
                assertThat(rows(to, each)).as(each.name()).isEmpty();
            }
        }
        onTarget("DROP TRIGGER disturb ON " + table);
    }

    private List<CopiedTable> copy() {
        return copy(ClusterView::keepNodesAway);
    }

    private List<CopiedTable> copy(StateCopy.Exclusion exclusion) {
        try (Database from = Database.reading(data).orElseThrow();
                CopyTarget to = CopyTarget.open(url, PostgresServer::administrator)) {
            return new StateCopy(from, to).run(exclusion);
        }
    }

    private PGSimpleDataSource target() {
        PGSimpleDataSource target = new PGSimpleDataSource();
        target.setUrl(url);
        target.setUser("postgres");
        target.setPassword("postgres");
        return target;
    }

    private String sourceUrl() {
        return "jdbc:sqlite:" + data.resolve("relay.db");
    }

    private Connection source() throws SQLException {
        return DriverManager.getConnection(sourceUrl());
    }

    private void onSource(String... statements) throws SQLException {
        try (Connection connection = source()) {
            execute(connection, statements);
        }
    }

    private void onTarget(String... statements) throws SQLException {
        try (Connection connection = PostgresServer.connection(url)) {
            execute(connection, statements);
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = PostgresServer.connection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<String> rows(Connection connection, StoredTable table) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(table.select())) {
            while (row.next()) {
                List<@Nullable String> values = new ArrayList<>();
                for (int i = 1; i <= table.columns().size(); i++) {
                    values.add(row.getString(i));
                }
                rows.add(values.toString());
            }
        }
        rows.sort(null);
        return rows;
    }

    /** Gives the source rows of all kinds of values in all tables. They are made once, because that takes longer than to copy them. */
    private void fill() throws Exception {
        Path file = data.resolve("relay.db");
        if (filled.length == 0) {
            fillAll();
            filled = Files.readAllBytes(file);
        } else {
            Files.write(file, filled);
        }
    }

    private void fillAll() throws SQLException {
        try (Connection migrated = PostgresServer.connection(PostgresServer.migratedDatabase());
                Connection from = source()) {
            from.setAutoCommit(false);
            for (StoredTable table : StoredTable.of(migrated)) {
                fill(from, table);
            }
            from.commit();
        }
    }

    private static void fill(Connection from, StoredTable table) throws SQLException {
        Set<String> required = required(from, table.name());
        try (PreparedStatement insert = from.prepareStatement(table.insert())) {
            for (int i = 1; i <= ROWS; i++) {
                for (int column = 0; column < table.columns().size(); column++) {
                    StoredTable.Column each = table.columns().get(column);
                    boolean mayBeNull = !required.contains(each.name());
                    if (mayBeNull && (i + column) % 3 == 0) {
                        insert.setObject(column + 1, null);
                    } else if (each.isNumber()) {
                        insert.setLong(column + 1, mayBeNull && i % 5 == 0 ? Long.MIN_VALUE + i : i);
                    } else {
                        String text = TEXTS.get((i + column) % TEXTS.size());
                        // Most rows share a batch; some are larger than one.
                        String end = i == LARGE && column == 0 && table.name().equals("evidence")
                                ? "y".repeat(5_000_000)
                                : "";
                        insert.setString(column + 1, (mayBeNull ? text : text + i) + end);
                    }
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static Set<String> required(Connection from, String table) throws SQLException {
        Set<String> required = new HashSet<>();
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
            while (row.next()) {
                if (row.getBoolean("notnull") || row.getInt("pk") > 0) {
                    required.add(row.getString("name"));
                }
            }
        }
        return required;
    }
}
