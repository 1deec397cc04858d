package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void theExitCodeShowsTheOutcomeAndTheTableShowsTheFailures() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            CommandResult complete = site.run("sync");
            assertThat(complete.exitCode()).isZero();
            assertThat(complete.out()).startsWith("PLACE").containsPattern("(?m)^hq/ACME +complete +2 +2 +0 +0 +0 +2 ");

            site.ssm().faults().set("forbidden", "va", "Lab");
            CommandResult partial = site.run("sync", "--site", "hq");
            assertThat(partial.exitCode()).isEqualTo(2);
            assertThat(partial.out())
                    .containsPattern("(?m)^hq/ACME +partial +1 +1 ")
                    .containsPattern("(?m)^! hq/ACME/Lab: .*LIC\\d{4}");

            site.ssm().faults().clear().set("refuse");
            CommandResult failed = site.run("sync");
            assertThat(failed.exitCode()).isEqualTo(1);
            assertThat(failed.out()).containsPattern("(?m)^hq +failed ").contains("(LIC1003)");
        }
    }

    @Test
    void jsonIsOneObjectWithExactlyTheDocumentedFields() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            site.ssm().faults().set("forbidden", "va", "Lab");
            CommandResult result = site.run("sync", "--json");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out().lines()).hasSize(1);
            JsonNode answer = JSON.readTree(result.out());
            assertThat(fields(answer)).containsExactly("runs");
            JsonNode run = answer.at("/runs/0");
            assertThat(answer.path("runs")).hasSize(1);
            assertThat(fields(run))
                    .containsExactly(
                            "site",
                            "account",
                            "outcome",
                            "virtualAccounts",
                            "licenses",
                            "outOfCompliance",
                            "devices",
                            "alerts",
                            "changes",
                            "incidents",
                            "seconds");
            assertThat(fields(run.path("changes"))).containsExactly("added", "changed", "gone");
            assertThat(fields(run.at("/incidents/0"))).containsExactly("code", "place", "summary");
            assertThat(run.path("site").asText()).isEqualTo("hq");
            assertThat(run.path("account").asText()).isEqualTo("ACME");
            assertThat(run.path("outcome").asText()).isEqualTo("partial");
            assertThat(run.path("licenses").asLong()).isEqualTo(1);
            assertThat(run.at("/changes/added").asLong()).isEqualTo(1);
            assertThat(run.at("/incidents/0/place").asText()).isEqualTo("hq/ACME/Lab");
            assertThat(run.path("seconds").getNodeType()).isEqualTo(JsonNodeType.NUMBER);
        }
    }

    @Test
    void withoutKafkaTheCommandReportsWaitingEventsAndTheNextSyncSendsThem() throws Exception {
        int port = freePort();
        try (OneSite site = OneSite.in(folder)) {
            site.files().brokers("127.0.0.1:" + port);
            Settings settings = site.write();
            Instant before = Instant.now();
            CommandResult result = site.run("sync", "--json");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(20));
            assertThat(result.exitCode()).isZero();
            assertThat(JSON.readTree(result.out()).at("/runs/0/outcome").asText())
                    .isEqualTo("complete");
            // The licenses of two virtual accounts, the run, and the incident that Kafka is unreachable.
            assertThat(result.err()).contains("4 events wait in " + site.data() + " for Kafka");

            try (EmbeddedKafka restarted = EmbeddedKafka.start(folder.resolve("kafka"), port)) {
                assertThat(site.run("check").exitCode()).isZero();
                CommandResult next = site.run("sync");
                assertThat(next.exitCode()).isZero();
                assertThat(next.err()).doesNotContain("wait in");
                assertThat(RealKafka.records(restarted.brokers(), settings.topic(Topic.SYNCS)))
                        .hasSize(2);
                assertThat(RealKafka.records(restarted.brokers(), settings.topic(Topic.LICENSES)))
                        .hasSize(2);
            }
        }
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
