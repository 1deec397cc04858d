package io.licenserelay.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.licenserelay.config.secret.EnvironmentSecret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** The properties of a connection: what the driver gets, and that TLS is verified. */
class StoreSettingsTest {
    private final Map<String, String> environment = new HashMap<>(Map.of("PASSWORD", "st0re"));

    private StoreSettings store(String url, @Nullable Path trust) {
        return new StoreSettings(url, "relay", new EnvironmentSecret("PASSWORD", environment), trust);
    }

    @Test
    void theConnectionHasUserPasswordAndWhatTheRelayAlwaysSets() {
        StoreSettings store = store("jdbc:postgresql://db.example.net/relay", null);
        assertThat(store.connection())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("user", "relay"),
                        Map.entry("password", "st0re"),
                        Map.entry("sslmode", "verify-full"),
                        Map.entry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory"),
                        Map.entry("gssEncMode", "disable"),
                        Map.entry("ApplicationName", "license-relay"),
                        Map.entry("tcpKeepAlive", "true"),
                        Map.entry("connectTimeout", "5"),
                        Map.entry("loginTimeout", "10"),
                        Map.entry("reWriteBatchedInserts", "true"),
                        Map.entry("logServerErrorDetail", "false")));
    }

    @Test
    void everyPropertyIsOneOfTheDriver() {
        assertThat(Stream.of("jdbc:postgresql://a,b/relay", "jdbc:postgresql://localhost/relay")
                        .flatMap(url -> Stream.of(store(url, null), store(url, Path.of("ca.pem"))))
                        .flatMap(store -> store.connection().stringPropertyNames().stream()))
                .isNotEmpty()
                .allSatisfy(
                        name -> assertThat(PGProperty.forName(name)).as(name).isNotNull());
    }

    @Test
    void thePasswordIsReadAgainForEachConnection() {
        StoreSettings store = store("jdbc:postgresql://db.example.net/relay", null);
        store.connection();
        environment.put("PASSWORD", "rotated");
        assertThat(store.connection()).containsEntry("password", "rotated");
        assertThat(store.toString()).doesNotContain("rotated", "st0re");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.8.9.10:5433", "[::1]", "[::1]:5433", "localhost,127.0.0.2"})
    void onlyAConnectionToThisMachineWithoutTrustIsPlainText(String hosts) {
        String url = "jdbc:postgresql://" + hosts + "/relay";
        assertThat(store(url, null).connection())
                .containsEntry("sslmode", "disable")
                .doesNotContainKeys("sslfactory", "sslrootcert");
        assertThat(store(url, Path.of("/etc/ca.pem")).connection())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/etc/ca.pem")
                .doesNotContainKey("sslfactory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.example.net",
                "localhost,db.example.net",
                "128.0.0.1",
                "[::2]",
                "localhost.example.net",
                "127.0.0.1.example.net"
            })
    void everyOtherConnectionIsVerified(String hosts) {
        String url = "jdbc:postgresql://" + hosts + "/relay";
        assertThat(store(url, null).connection())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        assertThat(store(url, Path.of("/etc/ca.pem")).connection())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/etc/ca.pem")
                .doesNotContainKey("sslfactory");
    }

    @Test
    void ofSeveralHostsTheOneThatAcceptsWritesIsUsedUnlessTheUrlNamesAnother() {
        String two = "jdbc:postgresql://a,b/relay";
        assertThat(store(two, null).connection())
                .containsEntry("targetServerType", "primary")
                .containsEntry("loginTimeout", "15");
        assertThat(store(two + "?targetServerType=any", null).connection()).doesNotContainKey("targetServerType");
        assertThat(store("jdbc:postgresql://a/relay", null).connection()).doesNotContainKey("targetServerType");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example.net/relay",
                "jdbc:postgresql://db.example.net:5433/relay",
                "jdbc:postgresql://db1,db2:1,[fd00::51],[::1]:65535,192.0.2.7/a.b-c$d_e?currentSchema=x&targetServerType=any"
            })
    void theDriverReadsTheSameHostsAndDatabase(String url) {
        StoreSettings store = store(url, null);
        Properties read = Driver.parseURL(url, new Properties());
        assertThat(read).isNotNull();
        List<String> hosts = List.of(read.getProperty("PGHOST").split(","));
        List<String> ports = List.of(read.getProperty("PGPORT").split(","));
        assertThat(store.hosts().stream().map(DatabaseHost::name)).containsExactlyElementsOf(hosts);
        assertThat(store.hosts().stream().map(host -> String.valueOf(host.port())))
                .containsExactlyElementsOf(ports);
        assertThat(store.database()).isEqualTo(read.getProperty("PGDBNAME"));
    }

    @Test
    void aUrlThatTheReaderRefusesIsRefusedHereTooWithoutShowingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store("jdbc:postgresql://relay:hunter2@db.example.net/relay", null))
                .withMessageContaining("the URL must not contain a user or a password")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void itsPlaceNamesHostsAndDatabase() {
        assertThat(store("jdbc:postgresql://a,[::1]:1/relay?currentSchema=x", null)
                        .place())
                .isEqualTo("a:5432,[::1]:1/relay");
    }
}
