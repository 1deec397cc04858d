package io.licenserelay.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.OneSite;
import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void successIsReportedInOneLinePerCheckWithoutCreatingFiles() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Path log = Files.writeString(folder.resolve("ssm.log"), "2026-01-13T11:17:14Z all quiet\n");
            site.files().site("logs", "[{ name: ssm, path: " + log + " }]");
            site.writeWithTopics();
            CommandResult result = site.run("doctor");
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(result.out().lines().filter(line -> line.startsWith("✓")))
                    .extracting(line -> line.replaceAll("^✓ (hq )?(api |log )?(\\S*).*", "$3"))
                    .containsExactly(
                            "configuration",
                            "secrets",
                            "rules",
                            "schedule",
                            "kafka",
                            "dns",
                            "tcp",
                            "tls",
                            "http",
                            "clock",
                            "oauth",
                            "accounts",
                            "virtual-accounts",
                            "licenses",
                            "subscriptions",
                            "devices",
                            "alerts",
                            "ssm",
                            "all");
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).endsWith("✓ all checks passed\n").doesNotContain("✗", "relay-secret-1");
            assertThat(result.out().lines().count())
                    .as("fewer lines than a page")
                    .isLessThan(30);
            assertThat(site.data()).doesNotExist();
        }
    }

    @Test
    void theAddressOfHealthAndMetricsIsShownWhenItIsSet() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.files().setting("relay.management.address", "[::1]:9464");
            site.writeWithTopics();
            assertThat(site.run("doctor").out())
                    .contains("✓ management")
                    .contains("run serves http://[::1]:9464/health/live, /health/ready and /metrics\n");
        }
    }

    @Test
    void customProbesAndLogsAreChecksOfTheSite() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            Path routes = routes("""
                    - route:
                        id: probe-own
                        group: probe
                        from:
                          uri: direct:probe-own
                          steps:
                            - to: { uri: "direct:answer" }
                    - route:
                        id: answer
                        from:
                          uri: direct:answer
                          steps:
                            - setBody: { constant: '{"status": "failed", "reason": "down", "findings": [{"name": "custom.down", "phrase": "the own page is down"}]}' }
                    - route:
                        id: log-own
                        group: log-tail
                        from:
                          uri: direct:log-own
                          steps:
                            - setBody: { constant: "2026-01-13T11:17:14Z all quiet" }
                    """);

            CommandResult result = site.run("doctor", "--routes", routes.toString());

            assertThat(result.out())
                    .contains("! hq own ", "the own page is down")
                    .contains("✓ hq log own", "newest line of 2026-01-13T11:17:14Z")
                    .contains("✓ hq tls");
            assertThat(result.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void invalidRoutesAreAnErrorAndThePackagedRoutesAreUsed() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            Path routes = routes("- route: { id: probe-Own, group: probe, from: { uri: 'direct:x', steps: [] } }\n");

            CommandResult result = site.run("doctor", "--routes", routes.toString());

            assertThat(result.out()).contains("✗ routes", "probe-Own", "✓ hq tls");
            assertThat(result.exitCode()).isEqualTo(2);
        }
    }

    private Path routes(String own) throws IOException {
        Path routes = Files.createDirectories(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            for (Path file : shipped.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        Files.writeString(routes.resolve("57-own.camel.yaml"), own);
        return routes;
    }

    @ParameterizedTest
    @CsvSource({
        "refuse, tcp, LIC1003",
        "plain-http, tls, LIC2005",
        "other-cert, tls, LIC2001",
        "wrong-name-cert, tls, LIC2002",
        "unavailable, http, LIC4001",
        "token-refused, api accounts, LIC3005"
    })
    void aFailedCheckHasTheSameDiagnosisAsAFailedRun(String fault, String line, String code) throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            site.ssm().faults().set(fault);
            CommandResult result = site.run("doctor", "--json");
            JsonNode report = JSON.readTree(result.out());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(report.path("verdict").asText()).isEqualTo("errors");
            JsonNode check = check(report, line);
            assertThat(check.path("status").asText()).as(result.out()).isEqualTo("error");
            assertThat(check.path("code").asText()).as(result.out()).isEqualTo(code);
            assertThat(check.path("fix").asText()).isNotEmpty();

            site.run("sync");
            JsonNode published = lastDiagnosis(site.data());
            JsonNode own = report.at("/sites/0/diagnosis");
            assertThat(own.path("code")).isEqualTo(published.path("code"));
            assertThat(own.path("confidence")).isEqualTo(published.path("confidence"));
            assertThat(own.path("because")).isEqualTo(published.path("because"));
            assertThat(own.path("remedy")).isEqualTo(published.path("remedy"));
        }
    }

    @Test
    void changesSinceTheLastSuccessfulRunAreReported() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            assertThat(site.run("sync").exitCode()).isZero();
            assertThat(site.run("doctor").out()).doesNotContain("hq changed");
            site.ssm().faults().set("other-cert");
            assertThat(site.run("doctor").out()).contains("! hq changed", "certificate was ");
        }
    }

    @Test
    void aClientOfTheOtherGrantIsProvenWithOnePasswordAttempt() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Path password = Files.writeString(folder.resolve("password"), "operator-password-1");
            site.files().ssm("grant", "password").ssm("user", "{ name: operator, password: 'file:" + password + "' }");
            site.ssm().user("operator", "operator-password-1");
            site.writeWithTopicsAndStore();
            CommandResult result = site.run("doctor");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out())
                    .contains("✗ hq oauth", "LIC3002 SSM refused the password grant", "(LIC3002, proven)")
                    .contains("license-relay explain LIC3002")
                    .endsWith("✗ 1 error, 0 warnings\n");
            assertThat(site.ssm().requests().tokenRequests(Grant.PASSWORD)).isEqualTo(1);
        }
    }

    @Test
    void forbiddenAndMissingListsAreDistinguishedAndOthersAreStillChecked() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            site.ssm().faults().set("forbidden", "resource", "licenses").set("not-found", "resource", "devices");
            JsonNode report = JSON.readTree(site.run("doctor", "--json").out());
            assertThat(check(report, "api licenses").path("code").asText()).isEqualTo("LIC3006");
            assertThat(check(report, "api licenses").path("evidence").asText()).startsWith("hq/ACME/Default: 403");
            assertThat(check(report, "api devices").path("code").asText()).isEqualTo("LIC3007");
            assertThat(check(report, "api devices").path("evidence").asText()).contains("absent");
            assertThat(check(report, "api subscriptions").path("status").asText())
                    .isEqualTo("ok");
            assertThat(check(report, "oauth").path("status").asText()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerThatASyncCannotReadIsAnError() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            site.ssm().faults().set("cut-body", "resource", "licenses", "bytes", 30);
            JsonNode report = JSON.readTree(site.run("doctor", "--json").out());
            assertThat(check(report, "api licenses").path("status").asText()).isEqualTo("error");
            assertThat(check(report, "api licenses").path("code").asText()).isEqualTo("LIC4006");
            assertThat(check(report, "api devices").path("status").asText()).isEqualTo("ok");
        }
    }

    @Test
    void aRejectedPasswordIsSentAgainOnlyWithTheOption() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Path password = Files.writeString(folder.resolve("password"), "wrong-password-1");
            site.files().ssm("grant", "password").ssm("user", "{ name: operator, password: 'file:" + password + "' }");
            site.ssm()
                    .client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD))
                    .user("operator", "right-one-1");
            site.writeWithTopicsAndStore();
            CommandResult first = site.run("doctor");
            assertThat(first.exitCode()).isEqualTo(2);
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(1);
            assertThat(first.out()).contains("✗ hq oauth", "LIC3003").doesNotContain("wrong-password-1");

            CommandResult second = site.run("doctor");
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(1);
            assertThat(second.exitCode()).isEqualTo(2);
            assertThat(second.out())
                    .contains("no password was sent", "LIC3003")
                    .contains("– hq password", "license-relay doctor --try-password");

            CommandResult third = site.run("doctor", "--try-password");
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(2);
            assertThat(third.out()).contains("✗ hq oauth", "LIC3003").doesNotContain("no password was sent");
            site.run("doctor");
            site.run("compat");
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(2);
        }
    }

    @Test
    void aPasswordAttemptIsStoredForTheRunningRelay() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            wrongPassword(site);
            try (DataFolder held = DataFolder.take(site.data()).orElseThrow();
                    Database relay = Database.open(held.path())) {
                site.run("doctor");
                List<String> stored =
                        relay.read(tx -> tx.createQuery("SELECT kind || ' ' || error FROM credential_attempt")
                                .mapTo(String.class)
                                .list());
                assertThat(stored).containsExactly("refusal oauth.invalid_grant");
                site.run("doctor");
            }
            assertThat(site.ssm().requests().passwordAttempts()).isEqualTo(1);
        }
    }

    @Test
    void noPasswordIsSentIfTheAttemptCannotBeStored() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            wrongPassword(site);
            Files.writeString(site.data(), "not a folder");
            CommandResult result = site.run("doctor");
            assertThat(result.out()).contains("no password was sent: the attempt cannot be stored");
            assertThat(site.ssm().requests().passwordAttempts()).isZero();
        }
    }

    private void wrongPassword(OneSite site) throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "wrong-password-1");
        site.files().ssm("grant", "password").ssm("user", "{ name: operator, password: 'file:" + password + "' }");
        site.ssm()
                .client(ApiClient.of("relay", "relay-secret-1", Grant.PASSWORD))
                .user("operator", "right-one-1");
        site.write();
    }

    @Test
    void withoutKafkaTheNumberAndAgeOfWaitingEventsAreReported() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ServerSocket closedPort = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            site.files().brokers("127.0.0.1:" + closedPort.getLocalPort()).setting("relay.kafka.timeout", "1s");
            closedPort.close();
            site.write();
            site.run("sync");
            Instant before = Instant.now();
            CommandResult result = site.run("doctor", "--json");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(25));
            JsonNode report = JSON.readTree(result.out());
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(report.path("verdict").asText()).isEqualTo("warnings");
            assertThat(check(report, "kafka").path("code").asText()).isEqualTo("LIC8001");
            assertThat(check(report, "outbox").path("evidence").asText())
                    .containsPattern("^4 events wait for Kafka since \\d{4}-");
            assertThat(check(report, "data").path("evidence").asText()).contains("is not in use");
            assertThat(check(report, "api licenses").path("status").asText()).isEqualTo("ok");
        }
    }

    @Test
    void anInvalidConfigurationIsTheOnlyReportedProblem() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            Path yaml = site.config().resolve("relay.yaml");
            Files.writeString(yaml, Files.readString(yaml).replace("jitter:", "jiter:"));
            CommandResult result = site.run("doctor");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out())
                    .containsPattern("✗ configuration  .*relay.yaml:\\d+: unknown key \"jiter\"")
                    .contains("→ did you mean \"jitter\"?")
                    .endsWith("✗ 1 error, 0 warnings\n");
        }
    }

    @Test
    void aLogThatCannotBeReadIsAWarningWithItsReason() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.files().site("logs", "[{ name: ssm, path: " + folder.resolve("nowhere.log") + " }]");
            site.writeWithTopicsAndStore();
            CommandResult result = site.run("doctor");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).containsPattern("! hq log ssm +.*nowhere.log: the file does not exist");
        }
    }

    @Test
    void anUnknownSiteIsReportedWithASuggestion() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            CommandResult result = site.run("doctor", "--site", "hp");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("hp", "hq");
        }
    }

    private static JsonNode check(JsonNode report, String name) {
        List<JsonNode> found = StreamSupport.stream(report.path("checks").spliterator(), false)
                .filter(each -> each.path("check").asText().equals(name))
                .toList();
        assertThat(found).as(name + " in " + report).hasSize(1);
        return found.get(0);
    }

    private static JsonNode lastDiagnosis(Path data) throws Exception {
        try (Database database = Database.reading(data).orElseThrow()) {
            String last = database.read(tx -> tx.createQuery("SELECT last_data FROM incident WHERE flow = 'pull'")
                    .mapTo(String.class)
                    .one());
            return JSON.readTree(last).path("diagnosis");
        }
    }
}
