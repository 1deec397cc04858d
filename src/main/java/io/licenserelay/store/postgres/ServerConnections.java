package io.licenserelay.store.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.ds.PGSimpleDataSource;

/** New connections for a pool. The properties are read again for each one, because a password may change. */
final class ServerConnections extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    private final String address;
    private final transient Supplier<Properties> properties;

    ServerConnections(String url, Supplier<Properties> properties) {
        this.address = url;
        this.properties = properties;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return DriverManager.getConnection(address, properties.get());
    }
}
