package io.licenserelay.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * How to reach the database without a pool.
 *
 * @param url {@code jdbc:postgresql:…}, without a password, because the driver's errors may show it
 * @param properties user, password and TLS for the driver, read again for each connection, because a password may change
 */
public record ClusterDatabase(String url, Supplier<Properties> properties) {
    /** A new connection, which the caller closes. */
    public Connection open() throws SQLException {
        return DriverManager.getConnection(url, properties.get());
    }

    /** The properties may hold a password. */
    @Override
    public String toString() {
        return "ClusterDatabase";
    }
}
