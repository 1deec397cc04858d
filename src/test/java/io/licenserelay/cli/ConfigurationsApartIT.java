package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.cli.ClusterMachines.Machine;
import io.licenserelay.text.Json;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two relays of a cluster of which one has a site more. */
@Tag("deep")
@Tag("only-deep")
class ConfigurationsApartIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void aSiteOfOneNodeIsShownAndIsRetiredOnlyWhenNoNodeHasIt() throws Exception {
        try (ClusterMachines cluster = new ClusterMachines(folder, List.of("hq"))) {
            Machine first = cluster.machine("relay-1", List.of("hq", "berlin"));
            Machine second = cluster.machine("relay-2");
            Machine idle = cluster.machine("relay-3", List.of("hq", "paris"));
            cluster.createTopics();
            first.start();
            second.start();
            cluster.awaitOwner("berlin", "relay-1");
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(configurations(second)).hasSize(2));

            differencesAreShown(second);
            theDoctorComparesTheFilesOfItsMachine(idle);

            cluster.ssm().close();
            assertThat(first.run("sync", "--site", "berlin").exitCode()).isNotZero();
            await().atMost(TIMEOUT).until(() -> !openIncidents(cluster).isEmpty());
            // The other node begins to report the incidents of the relay, and has no such site.
            cluster.rows("UPDATE site_owner SET node = NULL, epoch = epoch + 1 WHERE site = 'relay'");
            await().atMost(TIMEOUT)
                    .until(() -> cluster.rows("SELECT node FROM site_owner WHERE site = 'relay' AND node IS NOT NULL")
                                    .size()
                            == 1);
            assertThat(openIncidents(cluster)).containsOnly("berlin");
            first.stop();
            await().atMost(TIMEOUT).until(() -> openIncidents(cluster).isEmpty());
            assertThat(cluster.rows("SELECT last_data FROM incident WHERE site = 'berlin'"))
                    .isNotEmpty();
        }
    }

    /** Of each node, in the order of their names. */
    private static List<JsonNode> configurations(Machine machine) throws Exception {
        CommandResult result = machine.run("cluster", "--json");
        assertThat(result.err()).isEmpty();
        return Json.MAPPER.readTree(result.out()).path("nodes").findValues("configuration");
    }

    private static void differencesAreShown(Machine second) throws Exception {
        List<JsonNode> configurations = configurations(second);
        assertThat(configurations.get(0).path("differs")).isEmpty();
        JsonNode differs = configurations.get(1).path("differs");
        assertThat(differs).hasSize(1);
        assertThat(differs.get(0).path("site").asText()).isEqualTo("berlin");
        assertThat(differs.get(0).has("digest")).isFalse();
        assertThat(differs.get(0).path("newest").asText()).hasSize(64);
        CommandResult text = second.run("cluster");
        assertThat(text.out())
                .contains("! berlin: relay-1 has the newest configuration ("
                        + differs.get(0).path("newest").asText().substring(0, 8) + "); relay-2 does not have the site")
                .doesNotContain("hq: ");
        assertThat(text.exitCode()).isZero();
    }

    private static void theDoctorComparesTheFilesOfItsMachine(Machine idle) throws Exception {
        JsonNode report = Json.MAPPER.readTree(
                idle.run("doctor", "--json", "--site", "hq").out());
        JsonNode check = Json.object();
        for (JsonNode each : report.path("checks")) {
            if (each.path("check").asText().equals("configuration")) {
                check = each;
            }
        }
        assertThat(check.path("status").asText()).as("%s", report).isEqualTo("warning");
        assertThat(check.path("evidence").asText())
                .endsWith("relay-1: berlin (only there), paris (only here); relay-2: paris (only here)");
    }

    private static List<String> openIncidents(ClusterMachines cluster) throws SQLException {
        return cluster.rows("SELECT site FROM incident WHERE is_open = 1 AND site <> 'relay'");
    }
}
