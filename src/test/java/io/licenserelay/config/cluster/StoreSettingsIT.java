package io.licenserelay.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.licenserelay.config.secret.EnvironmentSecret;
import io.licenserelay.config.tls.Issued;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL with TLS: the driver verifies the server as the settings promise. */
class StoreSettingsIT {
    private static final Issued AUTHORITY = Issued.authority("CA of the database");

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;

    private static Issued server;

    private static Path ca;

    @BeforeAll
    static void start() throws Exception {
        server = AUTHORITY.server("localhost");
        ca = Issued.write(folder.resolve("ca.pem"), Issued.authority("former CA"), AUTHORITY);
        postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("server").toFile())
                .setLocaleConfig("locale", "C")
                .setConnectConfig("connectTimeout", "20")
                .start();
        present(server);
        switchTls("on");
    }

    /** The settings are not options of the process, because those could not be changed later. */
    private static void present(Issued server) throws Exception {
        Files.deleteIfExists(folder.resolve("server.key"));
        Path certificate = Issued.write(folder.resolve("server.pem"), server);
        Path key = server.writeKey(folder.resolve("server.key"));
        execute("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
        execute("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
        execute("SELECT pg_reload_conf()");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect(store("localhost", null));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static StoreSettings store(String host, @Nullable Path trust) {
        return new StoreSettings(
                "jdbc:postgresql://" + host + ":" + postgres.getPort() + "/postgres",
                "postgres",
                new EnvironmentSecret("PASSWORD", Map.of("PASSWORD", "st0re")),
                trust);
    }

    private static Connection connect(StoreSettings store) throws SQLException {
        return DriverManager.getConnection(store.url(), store.connection());
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String encrypted(Connection connection) throws SQLException {
        return one(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    }

    @Test
    void aServerOfATrustedCaIsAcceptedOverTls() throws Exception {
        try (Connection connection = connect(store("localhost", ca))) {
            assertThat(encrypted(connection)).isEqualTo("t");
            assertThat(one(connection, "SHOW application_name")).isEqualTo("license-relay");
        }
    }

    @Test
    void aServerOfAnotherCaIsRefused() throws Exception {
        Path other = Issued.write(folder.resolve("other.pem"), Issued.authority("another CA"));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connect(store("localhost", other)))
                .withRootCauseInstanceOf(CertPathBuilderException.class);
    }

    @Test
    void aServerWithAnotherNameIsRefused() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connect(store("127.0.0.1", ca)))
                .withMessageContaining("127.0.0.1");
    }

    @Test
    void withoutTrustTheCasOfThisJavaDecide() {
        StoreSettings elsewhere = new StoreSettings(
                "jdbc:postgresql://db.example.net/postgres",
                "postgres",
                new EnvironmentSecret("PASSWORD", Map.of("PASSWORD", "st0re")),
                null);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        DriverManager.getConnection(store("localhost", null).url(), elsewhere.connection()))
                .withCauseInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void aServerWithoutTlsIsRefusedAndOnlyThisMachineIsReachedInPlainText() throws Exception {
        try (Connection connection = connect(store("localhost", null))) {
            assertThat(encrypted(connection)).isEqualTo("f");
        }
        switchTls("off");
        try {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connect(store("localhost", ca)))
                    .withMessageContaining("SSL");
        } finally {
            switchTls("on");
        }
    }

    private static void switchTls(String onOrOff) throws SQLException {
        execute("ALTER SYSTEM SET ssl = " + onOrOff);
        execute("SELECT pg_reload_conf()");
        Awaitility.await().until(() -> {
            try (Connection fresh = connect(store("localhost", null))) {
                return one(fresh, "SHOW ssl").equals(onOrOff);
            }
        });
    }

    @Test
    void theServersOwnCertificateIsTrustedForItsName() throws Exception {
        Issued alone = Issued.selfSigned("localhost");
        Path own = Issued.write(folder.resolve("own.pem"), alone);
        present(alone);
        try {
            Awaitility.await().ignoreExceptions().until(() -> {
                try (Connection connection = connect(store("localhost", own))) {
                    return encrypted(connection).equals("t");
                }
            });
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connect(store("127.0.0.1", own)))
                    .withMessageContaining("127.0.0.1");
        } finally {
            present(server);
            Awaitility.await().ignoreExceptions().until(() -> {
                try (Connection connection = connect(store("localhost", ca))) {
                    return encrypted(connection).equals("t");
                }
            });
        }
    }

    @Test
    void anErrorDoesNotRepeatTheValuesOfARow() throws Exception {
        try (Connection connection = connect(store("localhost", ca));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE one (name TEXT PRIMARY KEY, content TEXT NOT NULL)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO one VALUES (?, ?)")) {
                for (String name : new String[] {"pr1vate", "pr1vate"}) {
                    insert.setString(1, name);
                    insert.setString(2, "c0ntent");
                    insert.addBatch();
                }
                assertThatExceptionOfType(BatchUpdateException.class)
                        .isThrownBy(insert::executeBatch)
                        .satisfies(StoreSettingsIT::showsNoValue);
                insert.setString(1, "pr1vate");
                insert.setString(2, null);
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(insert::executeUpdate)
                        .satisfies(StoreSettingsIT::showsNoValue);
            }
        }
    }

    private static void showsNoValue(SQLException thrown) {
        for (SQLException each = thrown; each != null; each = each.getNextException()) {
            assertThat(each.getMessage()).doesNotContain("pr1vate", "c0ntent");
        }
    }
}
