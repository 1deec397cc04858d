package io.licenserelay.config.cluster;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.yaml.AddressValues;
import io.licenserelay.config.yaml.BadValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL database that several relays share.
 *
 * @param url the URL for PostgreSQL's JDBC driver, as {@link DatabaseUrl#parse} accepts it
 * @param trust CA certificates for the server's certificate; null for the CAs of this Java
 */
public record StoreSettings(
        String url, String user, Secret password, @Nullable Path trust) {
    private static final int CONNECT_SECONDS = 5;

    /** @throws IllegalArgumentException if {@link DatabaseUrl#parse} does not accept the URL */
    public StoreSettings {
        parsed(url);
    }

    /** The servers in the order in which the driver tries them; at least one. */
    public List<DatabaseHost> hosts() {
        return parsed(url).hosts();
    }

    public String database() {
        return parsed(url).database();
    }

    /** {@code db1.example.net:5432,db2.example.net:5432/relay}. */
    public String place() {
        DatabaseUrl parsed = parsed(url);
        return parsed.hosts().stream().map(DatabaseHost::toString).collect(Collectors.joining(","))
                + '/'
                + parsed.database();
    }

    /**
     * All properties of a connection to {@link #url}. The password is read again at each call, so a rotation needs no restart if each new
     * connection uses a new call.
     *
     * <p>The connection uses TLS and verifies chain and host name. Only without {@link #trust}, and only if all hosts are loopback addresses,
     * it uses plain text. There is no TLS without verification.
     *
     * @throws io.licenserelay.config.secret.SecretUnavailable if the password cannot be read
     */
    public Properties connection() {
        DatabaseUrl parsed = parsed(url);
        int hosts = parsed.hosts().size();
        Properties properties = tls(parsed);
        properties.setProperty("user", user);
        properties.setProperty("password", password.revealText());
        properties.setProperty("ApplicationName", "license-relay");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        // A stopped server still accepts connections, and then answers nothing.
        properties.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS * (hosts + 1)));
        properties.setProperty("reWriteBatchedInserts", "true");
        // The details of an error contain values of rows.
        properties.setProperty("logServerErrorDetail", "false");
        if (hosts > 1 && !parsed.parameters().containsKey(DatabaseUrl.TARGET)) {
            properties.setProperty(DatabaseUrl.TARGET, "primary");
        }
        return properties;
    }

    private Properties tls(DatabaseUrl parsed) {
        Properties properties = new Properties();
        boolean local = parsed.hosts().stream().map(DatabaseHost::name).allMatch(AddressValues::isLoopback);
        // The driver skips TLS on a connection that Kerberos encrypts.
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("sslmode", local && trust == null ? "disable" : "verify-full");
        if (trust != null) {
            properties.setProperty("sslrootcert", trust.toString());
        } else if (!local) {
            // The driver's default factory would search ~/.postgresql/root.crt instead of the CAs of this Java.
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        return properties;
    }

    private static DatabaseUrl parsed(String url) {
        try {
            return DatabaseUrl.parse(url);
        } catch (BadValue e) {
            throw new IllegalArgumentException(e.reason() + "; " + e.fix());
        }
    }
}
