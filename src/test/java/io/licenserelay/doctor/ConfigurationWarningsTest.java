package io.licenserelay.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.yaml.Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationWarningsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path folder;

    private String secret = "relay-secret-1";

    @Test
    void aCorrectConfigurationCausesNoWarning() throws Exception {
        assertThat(warnings(
                        "",
                        "relay.kafka.client.security.protocol=SSL",
                        Map.of("RELAY_KAFKA_BROKERS", "k:1", "PATH", "")))
                .isEmpty();
    }

    @Test
    void checkNamesTheFilesThatHaveSites() throws Exception {
        Folder files = new Folder(folder).yaml(Folder.MINIMAL);
        assertThat(ConfigurationWarnings.valid(files.read()).evidence())
                .isEqualTo("1 site in " + folder + "/relay.yaml");
        files.sites("berlin.yaml", Folder.MINIMAL.replace("hq", "berlin"))
                .sites("oslo.yaml", Folder.MINIMAL.replace("hq", "oslo"));
        assertThat(ConfigurationWarnings.valid(files.read()).evidence())
                .isEqualTo("3 sites in " + folder + "/relay.yaml, " + folder + "/sites.d (2 files)");
        assertThat(ConfigurationWarnings.valid(files.yaml("sites:\n").read()).evidence())
                .isEqualTo("2 sites in " + folder + "/sites.d (2 files)");
    }

    @Test
    void aMissingLogFileIsReported() throws Exception {
        Path log = folder.resolve("messages");
        assertThat(missingLogs("    logs: [{ name: ssm, path: " + log + " }]"))
                .singleElement()
                .satisfies(check -> assertThat(check.evidence()).contains(log + " does not exist"));
        Files.createFile(log);
        assertThat(missingLogs("    logs: [{ name: ssm, path: " + log + " }]")).isEmpty();
    }

    @Test
    void anUnknownKafkaClientKeyIsReportedWithASuggestion() throws Exception {
        assertThat(warnings("", "relay.kafka.client.securty.protocol=SSL", Map.of()))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.name()).isEqualTo("relay.kafka.client.securty.protocol");
                    assertThat(check.fix()).isEqualTo("did you mean \"security.protocol\"?");
                });
    }

    @Test
    void anUnknownVariableIsReportedWithASuggestionUnlessASecretUsesIt() throws Exception {
        assertThat(warnings(
                        "", "", Map.of("RELAY_KAFKA_BROKER", "k:1", "RELAY_SECRET", secret, "RELAY_LOG_LEVEL", "INFO")))
                .singleElement()
                .satisfies(check -> assertThat(check.fix()).contains("RELAY_KAFKA_BROKERS"));
    }

    @Test
    void anUnknownGroupOfCamelKeysIsReportedWithTheKnownGroups() throws Exception {
        assertThat(warnings("", "camel.mian.name=x", Map.of()))
                .singleElement()
                .satisfies(check -> assertThat(check.fix()).contains("known groups: ", "main"));
    }

    @Test
    void aScheduleWithAnIntervalShorterThanItsJitterIsReported() throws Exception {
        assertThat(warnings("    schedule: '* * * * * ?'\n    jitter: 300s", "", Map.of()))
                .singleElement()
                .satisfies(check -> assertThat(check.evidence()).contains("fires every 1 s", "runs are skipped"));
    }

    @Test
    void theDefaultJitterIsAtMostHalfOfTheScheduleInterval() throws Exception {
        assertThat(warnings("    schedule: '0 * * * * ?'", "", Map.of())).isEmpty();
        assertThat(configuration("    schedule: '0 * * * * ?'", "", Map.of())
                        .sites()
                        .get(0)
                        .schedule()
                        .jitter())
                .hasSeconds(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret!", "wrong", "Certificate"})
    void aShortOrCommonSecretIsNamedByItsPlaceWithoutItsValue(String weak) throws Exception {
        secret = weak;
        assertThat(warnings("", "", Map.of("RELAY_SECRET", secret)))
                .singleElement()
                .satisfies(check -> assertThat(check.line())
                        .isEqualTo(
                                "hq ssm.client.secret: env:RELAY_SECRET is too short or too common, so logs and events"
                                        + " cannot hide it reliably; set a random secret of at least 8 characters"));
    }

    @Test
    void aShortPasswordOfKafkasClientsIsNamedByItsKey() throws Exception {
        assertThat(warnings("", "relay.kafka.client.ssl.key.password=k3y!!", Map.of()))
                .singleElement()
                .satisfies(check -> assertThat(check.line())
                        .startsWith("relay.kafka.client.ssl.key.password: the value is too short or too common"));
    }

    @Test
    void aShortPasswordOfTheSharedStoreIsNamedByItsKey() throws Exception {
        String store = """
                relay:
                  node: relay-1
                  store:
                    url: jdbc:postgresql://db.example.net/relay
                    user: relay
                    password: env:STORE_PASSWORD
                """;
        assertThat(warnings(store, "", Map.of("STORE_PASSWORD", "st0re")))
                .singleElement()
                .satisfies(check -> assertThat(check.line())
                        .startsWith("relay.store.password: env:STORE_PASSWORD is too short or too common"));
    }

    private List<CheckResult> missingLogs(String site) throws Exception {
        return ConfigurationWarnings.missingLogs(
                configuration(site, "", Map.of()).sites());
    }

    private List<CheckResult> warnings(String site, String settings, Map<String, String> environment) throws Exception {
        return ConfigurationWarnings.of(configuration(site, settings, environment), environment, NOW).stream()
                .filter(check -> check.mark() != Mark.OK)
                .toList();
    }

    private Configuration configuration(String site, String settings, Map<String, String> environment)
            throws Exception {
        Path secretFile = Files.writeString(folder.resolve("secret"), secret);
        String source = environment.containsKey("RELAY_SECRET") ? "env:RELAY_SECRET" : "'file:" + secretFile + "'";
        Files.write(
                folder.resolve("relay.yaml"),
                List.of(
                        "sites:",
                        "  - name: hq",
                        "    ssm:",
                        "      url: https://ssm.example.net:8443",
                        "      client: { id: relay, secret: " + source + " }",
                        site));
        Files.writeString(folder.resolve("application.properties"), settings);
        return Configuration.read(folder, folder.resolve("data"), environment, Map.of());
    }
}
