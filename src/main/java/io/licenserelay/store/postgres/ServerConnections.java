package io.licenserelay.store.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New connections for a pool. The properties are read again for each one, because a password may change. A statement whose answer
 * was lost on the way does not wait for ever. Thread-safe.
 */
final class ServerConnections extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnections.class);

    private final String address;
    private final transient Supplier<Properties> properties;

    /** A little longer than the server lets a statement run. */
    private final Duration silence;

    /** The connections of the pool. One that was closed vanishes when it is collected. */
    private final transient Set<Connection> opened =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** @param silence the longest wait for an answer */
    ServerConnections(String url, Supplier<Properties> properties, Duration silence) {
        this.address = url;
        this.properties = properties;
        this.silence = silence;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Properties own = new Properties();
        own.putAll(properties.get());
        own.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
        Connection connection = DriverManager.getConnection(address, own);
        opened.add(connection);
        return connection;
    }

    /** Closes the sockets of all connections: their statements fail at once, and the pool opens new connections when it needs them. */
    void abort() {
        List<Connection> all;
        synchronized (opened) {
            all = List.copyOf(opened);
            opened.clear();
        }
        for (Connection each : all) {
            try {
                each.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("the connection was already closed", e);
            }
        }
    }
}
