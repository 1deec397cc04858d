package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.store.schema.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL of its own takes the migrations and every statement of the relay, and makes the schema that SQLite makes. */
class PostgresSchemaIT {
    @TempDir
    static Path server;

    private static EmbeddedPostgres postgres;

    @TempDir
    Path folder;

    @BeforeAll
    static void migrate() throws Exception {
        // Text in the order of its bytes, as SQLite compares it.
        postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(server.toFile())
                .setLocaleConfig("locale", "C")
                .setConnectConfig("connectTimeout", "20")
                .start();
        Migrations.PACKED.bringUpToDate(postgres.getPostgresDatabase(), Migrations.POSTGRESQL);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @Test
    void bothDatabasesHaveTheSameTablesColumnsAndIndexes() throws Exception {
        Database.open(folder).close();
        try (Connection theirs = postgres.getPostgresDatabase().getConnection();
                Connection ours = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("relay.db"))) {
            assertThat(schema(theirs, "public")).hasSize(44).isEqualTo(schema(ours, null));
        }
    }

    @Test
    void postgresqlTakesEveryStatement() throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            assertThat(CompiledSql.refusedBy(connection)).isEmpty();
        }
    }

    @Test
    void anOrdinalKeyIsNumberedByTheDatabaseInOrder() throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            insert(connection, "first");
            insert(connection, "second");
            try (PreparedStatement read = connection.prepareStatement("SELECT message FROM store_outage ORDER BY seq");
                    ResultSet rows = read.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("first");
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("second");
            }
        }
    }

    private static void insert(Connection connection, String message) throws SQLException {
        try (PreparedStatement row =
                connection.prepareStatement("INSERT INTO store_outage (failed_at, message) VALUES (?, ?)")) {
            row.setLong(1, 1);
            row.setString(2, message);
            assertThat(row.executeUpdate()).isEqualTo(1);
        }
    }

    /** By table: its columns with type and nullability, its primary key, and its indexes with their columns. */
    private static Map<String, Set<String>> schema(Connection connection, @Nullable String schema) throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        Map<String, Set<String>> tables = new TreeMap<>();
        try (ResultSet rows = data.getTables(null, schema, "%", new String[] {"TABLE"})) {
            while (rows.next()) {
                tables.put(rows.getString("TABLE_NAME"), new TreeSet<>());
            }
        }
        tables.keySet().removeIf(name -> name.startsWith("flyway_") || name.startsWith("sqlite_"));
        for (Map.Entry<String, Set<String>> table : tables.entrySet()) {
            Set<String> keys = new TreeSet<>();
            try (ResultSet rows = data.getPrimaryKeys(null, schema, table.getKey())) {
                while (rows.next()) {
                    keys.add(rows.getString("COLUMN_NAME"));
                }
            }
            table.getValue().add("primary key " + keys);
            try (ResultSet rows = data.getColumns(null, schema, table.getKey(), "%")) {
                while (rows.next()) {
                    String name = rows.getString("COLUMN_NAME");
                    // A key is never NULL; of one that it numbers, SQLite's catalogue does not say so.
                    boolean nullable = rows.getString("IS_NULLABLE").equals("YES") && !keys.contains(name);
                    table.getValue()
                            .add("column " + name + " " + type(rows.getString("TYPE_NAME"))
                                    + (nullable ? "" : " NOT NULL"));
                }
            }
            table.getValue().addAll(indexes(data, schema, table.getKey()));
            // SQLite needs no index for a key that is the row's number.
            table.getValue().remove("unique " + keys);
        }
        return tables;
    }

    /** Those with a name of ours, and those that the database makes for a unique constraint or a key. */
    private static Set<String> indexes(DatabaseMetaData data, @Nullable String schema, String table)
            throws SQLException {
        Map<String, List<String>> columns = new TreeMap<>();
        Set<String> unique = new TreeSet<>();
        try (ResultSet rows = data.getIndexInfo(null, schema, table, false, false)) {
            while (rows.next()) {
                String name = rows.getString("INDEX_NAME");
                if (name != null) {
                    columns.computeIfAbsent(name, none -> new ArrayList<>()).add(rows.getString("COLUMN_NAME"));
                    if (!rows.getBoolean("NON_UNIQUE")) {
                        unique.add(name);
                    }
                }
            }
        }
        Set<String> indexes = new TreeSet<>();
        columns.forEach((name, of) -> {
            boolean made = unique.contains(name) && name.matches("sqlite_autoindex_.*|.*_p?key");
            indexes.add(
                    made ? "unique " + new TreeSet<>(of) : (unique.contains(name) ? "unique " : "") + name + " " + of);
        });
        return indexes;
    }

    private static String type(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "int8", "bigserial", "bigint", "integer" -> "BIGINT";
            case "text" -> "TEXT";
            default -> name;
        };
    }
}
