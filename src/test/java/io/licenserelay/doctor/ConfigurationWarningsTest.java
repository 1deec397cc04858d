package io.licenserelay.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWarningsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void aCorrectConfigurationCausesNoWarning() throws Exception {
        assertThat(warnings(
                        "",
                        "relay.kafka.client.security.protocol=SSL",
                        Map.of("RELAY_KAFKA_BROKERS", "k:1", "PATH", "")))
                .isEmpty();
    }

    @Test
    void aMissingLogFileIsReported() throws Exception {
        Path log = folder.resolve("messages");
        assertThat(warnings("    logs: [{ name: ssm, path: " + log + " }]", "", Map.of()))
                .singleElement()
                .satisfies(check -> assertThat(check.evidence()).contains(log + " does not exist"));
        Files.createFile(log);
        assertThat(warnings("    logs: [{ name: ssm, path: " + log + " }]", "", Map.of()))
                .isEmpty();
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
                        "",
                        "",
                        Map.of("RELAY_KAFKA_BROKER", "k:1", "RELAY_SECRET", "s3cret", "RELAY_LOG_LEVEL", "INFO")))
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

    private List<CheckResult> warnings(String site, String settings, Map<String, String> environment) throws Exception {
        return ConfigurationWarnings.of(configuration(site, settings, environment), environment, NOW).stream()
                .filter(check -> check.mark() != Mark.OK)
                .toList();
    }

    private Configuration configuration(String site, String settings, Map<String, String> environment)
            throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "s3cret");
        String source = environment.containsKey("RELAY_SECRET") ? "env:RELAY_SECRET" : "'file:" + secret + "'";
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
