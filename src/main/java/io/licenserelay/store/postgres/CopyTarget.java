package io.licenserelay.store.postgres;

import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.schema.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * The PostgreSQL database that receives a copy of a state, in one transaction. It is empty afterwards unless {@link #commit} has
 * returned: PostgreSQL also rolls the transaction back if this process ends or pauses. Not thread-safe.
 */
public final class CopyTarget implements AutoCloseable {
    /** The longest statement adds an index of a large table to the statistics; the longest pause reads a part of the source. */
    private static final String LIMITS =
            "SET idle_in_transaction_session_timeout = '60s'; SET tcp_user_timeout = '10s';"
                    + " SET lock_timeout = '60s'; SET statement_timeout = '5min'";

    private static final Duration SILENCE = Duration.ofMinutes(5).plusSeconds(30);

    private final String address;
    private final Connection connection;

    private CopyTarget(String address, Connection connection) {
        this.address = address;
        this.connection = connection;
    }

    /**
     * Connects, brings the schema up to date, and begins the transaction.
     *
     * @throws StoreFailed if the server cannot be reached or refuses, or if it has a schema that this version cannot use
     */
    public static CopyTarget open(String url, Supplier<Properties> properties) {
        PostgresDatabase.migrate(url, properties, Migrations.PACKED);
        try {
            Connection connection = new ServerConnections(url, properties, SILENCE).getConnection();
            CopyTarget target = new CopyTarget(url, connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute(LIMITS);
                connection.setAutoCommit(false);
            } catch (SQLException e) {
                target.close();
                throw e;
            }
            return target;
        } catch (SQLException e) {
            throw StoreFailed.ofServer(url, e);
        }
    }

    /** The connection with the transaction. */
    public Connection connection() {
        return connection;
    }

    /** Nobody else writes into the tables until the transaction ends. */
    public void lock(List<String> tables) throws SQLException {
        execute("LOCK TABLE " + String.join(", ", tables) + " IN SHARE ROW EXCLUSIVE MODE");
    }

    /** The next number of the column is higher than the last one of the source; 0 if the source has given none. */
    public void continueNumbers(String table, String column, long last) throws SQLException {
        if (last == 0) {
            return;
        }
        try (PreparedStatement set = connection.prepareStatement("SELECT setval(pg_get_serial_sequence(?, ?), ?)")) {
            set.setString(1, table);
            set.setString(2, column);
            set.setLong(3, last);
            set.executeQuery().close();
        }
    }

    /** PostgreSQL chooses the right indexes from the first statement on. */
    public void refreshStatistics(String table) throws SQLException {
        execute("ANALYZE " + table);
    }

    /** Makes the copy valid. */
    public void commit() throws SQLException {
        connection.commit();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Without a commit, the target is empty. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw StoreFailed.ofServer(address, e);
        }
    }
}
