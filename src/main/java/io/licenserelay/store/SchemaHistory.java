package io.licenserelay.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads which migrations created the schema of a database. */
final class SchemaHistory {
    private static final String TABLE = "flyway_schema_history";

    private SchemaHistory() {}

    /** The {@linkplain Migrations#fingerprint fingerprint} of the migrations that made the schema; 0 in a new file. */
    static int fingerprint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("PRAGMA user_version")) {
            return version.getInt(1);
        }
    }

    /**
     * Whether the first migration of the schema differs from that of this version. Flyway would report a checksum mismatch, and
     * ignore the migrations after it.
     */
    static boolean isForeign(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet table = statement.executeQuery(
                    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + TABLE + "'")) {
                if (!table.next()) {
                    return false;
                }
            }
            try (ResultSet first =
                    statement.executeQuery("SELECT script FROM " + TABLE + " WHERE version = '1' AND success = 1")) {
                return first.next() && !first.getString(1).equals(Migrations.FILES.get(0));
            }
        }
    }
}
