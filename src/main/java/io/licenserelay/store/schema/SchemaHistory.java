package io.licenserelay.store.schema;

import io.licenserelay.store.schema.SchemaState.Fit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads which migrations created the schema of a database, on SQLite and on PostgreSQL. It changes nothing. */
public final class SchemaHistory {
    private static final String TABLE = "flyway_schema_history";
    private static final String SUPPORT = "schema_support";

    private SchemaHistory() {}

    /**
     * Compares the schema of the database with the migrations of a relay. Checksums are compared by {@link Migrations#bringUpToDate},
     * not here.
     */
    public static SchemaState read(Connection connection, Migrations migrations) throws SQLException {
        int own = migrations.version();
        if (!exists(connection, TABLE)) {
            return new SchemaState(Fit.EMPTY, 0, 0, own);
        }
        int version = 0;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version, script, success FROM " + TABLE)) {
            while (row.next()) {
                String number = row.getString("version");
                if (number != null && row.getBoolean("success")) {
                    version = Math.max(version, Integer.parseInt(number));
                    if (number.equals("1") && !migrations.isFirst(row.getString("script"))) {
                        return new SchemaState(Fit.FOREIGN, version, 0, own);
                    }
                }
            }
        }
        if (version == 0) {
            return new SchemaState(Fit.EMPTY, 0, 0, own);
        }
        if (!exists(connection, SUPPORT)) {
            return new SchemaState(Fit.FOREIGN, version, 0, own);
        }
        int oldest = oldest(connection);
        return new SchemaState(fit(version, oldest, own), version, oldest, own);
    }

    private static Fit fit(int version, int oldest, int own) {
        if (oldest > own) {
            return Fit.TOO_NEW;
        }
        if (version == own) {
            return Fit.SAME;
        }
        return version < own ? Fit.OLDER : Fit.NEWER;
    }

    private static int oldest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(oldest_version) AS oldest FROM " + SUPPORT)) {
            row.next();
            return row.getInt("oldest");
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (ResultSet tables =
                connection.getMetaData().getTables(null, connection.getSchema(), table, new String[] {"TABLE"})) {
            return tables.next();
        }
    }
}
