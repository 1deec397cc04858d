package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Digests;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.incident.bundle.EvidenceBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evidence of a cluster: what an event names opens on every machine. */
class EvidenceOnAnyMachineIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void theCommandInAnEventWritesTheWholeEvidenceOnAMachineThatDidNotCollectIt() throws Exception {
        try (ClusterMachines cluster = new ClusterMachines(folder, List.of("hq"))) {
            ClusterMachines.Machine owner = cluster.machine("node-1");
            ClusterMachines.Machine other = cluster.machine("node-2");
            cluster.createTopics();
            cluster.ssm().faults().set("refuse");
            owner.start();
            assertThat(owner.run("sync").exitCode()).isEqualTo(1);
            await().atMost(TIMEOUT).until(() -> !RealKafka.events(cluster.topic(Topic.FAILURES))
                    .isEmpty());
            owner.stop();

            JsonNode event = RealKafka.events(cluster.topic(Topic.FAILURES)).get(0);
            assertThat(event.has("dataref"))
                    .as("a file of one node opens nowhere else")
                    .isFalse();
            String incident = cluster.rows("SELECT id FROM incident").get(0);
            JsonNode dataref = event.at("/data/dataref");
            assertThat(dataref.path("command").asText()).isEqualTo("license-relay incidents bundle " + incident);
            assertThat(owner.data().resolve("evidence").resolve(incident + ".tar.gz"))
                    .doesNotExist();

            Path file = folder.resolve("sent.tar.gz");
            CommandResult written = other.run("incidents", "bundle", incident, "--output", file.toString());
            assertThat(written.exitCode()).as(written.err()).isZero();
            assertThat(written.out()).isEqualTo(file + System.lineSeparator());
            EvidenceBundle bundle = EvidenceBundle.read(file);
            assertThat(Digests.sha256(Objects.requireNonNull(
                            bundle.entries().get(dataref.path("entry").asText()))))
                    .isEqualTo(dataref.path("sha256").asText());
            assertThat(bundle.manifest().at("/versions/configurationSha256").asText())
                    .hasSize(64);
            assertThat(CommandResult.of("doctor", "--bundle", file.toString()).out())
                    .contains(
                            "all digests match",
                            event.at("/data/diagnosis/code").asText());
            assertThat(CommandResult.of("replay", file.toString(), "--data", "nowhere", "--config", "nowhere")
                            .err())
                    .contains("The same as the published diagnosis.");
            assertThat(other.run("incidents").out()).contains("  bundle license-relay incidents bundle " + incident);

            CommandResult again = other.run("incidents", "bundle", "hq/pull", "--output", file.toString());
            assertThat(again.exitCode()).isEqualTo(2);
            assertThat(again.err()).contains(file + " exists. Choose another file with --output.");
            CommandResult unknown = other.run("incidents", "bundle", "nowhere");
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err())
                    .contains("There is no incident with evidence named nowhere. The newest incidents:", incident);
            assertThat(Files.exists(folder.resolve("sent.tar.gz.part"))).isFalse();
        }
    }
}
