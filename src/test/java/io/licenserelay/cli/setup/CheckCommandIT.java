package io.licenserelay.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.OneSite;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandIT {
    @TempDir
    Path folder;

    @Test
    void theFirstCheckCreatesTheTopicsAndTheSecondAcceptsThem() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            Settings settings = site.write();
            CommandResult first = site.run("check");
            CommandResult second = site.run("check");
            assertThat(first.exitCode()).isZero();
            assertThat(second.exitCode()).isZero();
            for (Topic topic : Topic.values()) {
                assertThat(first.out()).contains("✓ topic " + settings.topic(topic) + " created");
                assertThat(second.out()).containsPattern("(?m)^✓ topic " + settings.topic(topic) + "$");
            }
            assertThat(first.out()).contains("✓ store: SQLite in " + site.data() + "\n");
            assertThat(site.data()).as("the check creates no data folder").doesNotExist();
        }
    }

    @Test
    void aSharedStoreIsNamedWithItsServersAndTheNode() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            Path yaml = site.config().resolve("relay.yaml");
            Files.writeString(yaml, Files.readString(yaml) + """

                    relay:
                      node: relay-1
                      store:
                        url: jdbc:postgresql://db1.example.net,db2.example.net:5433/relay?currentSchema=licenses
                        user: licenses
                        password: "file:%s"
                    """.formatted(folder.resolve("secret")));
            CommandResult said = site.run("check");
            assertThat(said.exitCode()).as(said.err()).isZero();
            assertThat(said.out())
                    .contains("✓ store: PostgreSQL at db1.example.net:5432,db2.example.net:5433/relay, node relay-1\n")
                    .contains("✓ transactional id license-relay-publish\n")
                    .doesNotContain("relay-secret-1");
        }
    }

    @Test
    void aTopicWithAWrongCleanupPolicyIsReportedWithTheFixingCommand() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            String licenses = site.writeWithTopics().topic(Topic.LICENSES);
            setCleanup(licenses, "delete");
            CommandResult result = site.run("check");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out())
                    .contains("✗ topic " + licenses + " has cleanup.policy=delete")
                    .contains("--entity-name " + licenses + " --add-config cleanup.policy=compact");
        }
    }

    @Test
    void unreachableKafkaIsReportedQuicklyWithTheSetting() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            String closedPort = "127.0.0.1:" + freePort();
            site.files().brokers(closedPort).setting("relay.kafka.timeout", "1s");
            site.write();
            Instant before = Instant.now();
            CommandResult result = site.run("check");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(20));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out())
                    .contains("✗ Kafka at " + closedPort + " does not answer within 1 s", "relay.kafka.");
        }
    }

    @Test
    void customCausesAreListedAndAnUnknownLogIsAWarning() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.files().site("logs", "[{ name: ssm, path: " + folder.resolve("messages") + " }]");
            site.write();
            Path file = Files.createDirectories(site.config().resolve("diagnoses.d"))
                    .resolve("10-own.yaml");
            Files.writeString(file, """
                    logs:
                      - { finding: local.disk-full, source: ssm, pattern: No space, phrase: Full }
                      - { finding: local.out-of-memory, source: smm, pattern: Out of memory, phrase: No memory }
                      - { finding: local.oops, source: any, pattern: Oops, phrase: Oops }
                    causes:
                      - code: LOCAL0001
                        title: Full
                        severity: error
                        owner: ssm
                        when: [ { all: [local.disk-full], confidence: likely } ]
                        remedy: [Free space.]
                        explain: Full.
                    """);
            CommandResult result = site.run("check");
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out().lines())
                    .contains(
                            "✓ cause LOCAL0001 added by diagnoses.d/10-own.yaml",
                            "✓ finding local.disk-full is searched for in log ssm",
                            "! finding local.out-of-memory: no site has a log with the name smm; correct source, unless a"
                                    + " route log-smm fetches it",
                            "✓ finding local.oops is searched for in every log")
                    .anyMatch(line ->
                            line.matches("✓ \\d+ causes in the catalogue: \\d+ packed, 0 replaced, 1 added by .*"));

            Files.writeString(file, Files.readString(file).replace("LOCAL0001", "LIC1234"));
            CommandResult bad = site.run("check");
            assertThat(bad.exitCode()).isEqualTo(2);
            assertThat(bad.err()).contains("10-own.yaml:6: the relay has no cause LIC1234; ", "Nothing was started.");
        }
    }

    @Test
    void aWeakSecretIsAWarningThatDoesNotContainIt() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            Files.writeString(folder.resolve("secret"), "q7!");
            CommandResult result = site.run("check");
            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .contains(
                            "! hq ssm.client.secret: file:" + folder.resolve("secret") + " is too short or too common")
                    .doesNotContain("q7!");
        }
    }

    @Test
    void providedHooksAreListedAndAnUnusedRouteIsReported() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopics();
            Path routes = Files.createDirectories(site.config().resolve("routes.d"));
            Path file = Files.writeString(
                    routes.resolve("58-own.camel.yaml"),
                    route("owner", "direct:enrich-incident")
                            + route("misspelt", "direct:incident-publish")
                            + route("called", "direct:other")
                            + route("unrelated", "direct:something"));
            Files.writeString(
                    file,
                    Files.readString(file).replaceFirst("(?s)log: \\{ message: x }", "to: { uri: 'direct:other' }"));

            CommandResult result = site.run("check");

            assertThat(result.exitCode()).as(result.out()).isZero();
            assertThat(result.out())
                    .contains("✓ hook enrich-incident: route owner in " + file + "\n")
                    .contains("! route misspelt in " + file + ": it begins at direct:incident-publish, which no route"
                            + " calls; is direct:incident-published meant?\n")
                    .contains("! route unrelated in " + file + ": it begins at direct:something, which no route calls;"
                            + " call it, or remove it\n")
                    .doesNotContain("route called", "hook after-sync");
        }
    }

    private static String route(String id, String endpoint) {
        return "- route: { id: " + id + ", from: { uri: '" + endpoint + "', steps: [ { log: { message: x } } ] } }\n";
    }

    private static void setCleanup(String topic, String policy) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", RealKafka.brokers()))) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                    .all()
                    .get();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
