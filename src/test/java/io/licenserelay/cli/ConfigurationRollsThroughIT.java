package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.cli.ClusterMachines.Machine;
import io.licenserelay.text.Json;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three relays of a cluster, whose files of the configuration change while they run. */
@Tag("deep")
@Tag("only-deep")
class ConfigurationRollsThroughIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String BERLIN = "sites.d/berlin.yaml";

    @TempDir
    Path folder;

    @Test
    void aSiteIsAddedChangedAndRemovedOnThreeNodesWithoutARestart() throws Exception {
        try (ClusterMachines cluster = new ClusterMachines(folder, List.of("hq", "lab"))) {
            List<Machine> machines =
                    List.of(cluster.machine("relay-1"), cluster.machine("relay-2"), cluster.machine("relay-3"));
            cluster.createTopics();
            for (Machine each : machines) {
                each.start();
            }
            await().atMost(TIMEOUT).until(() -> owned(cluster).equals(List.of("hq", "lab")));

            write(machines, cluster.site("berlin"));
            await().atMost(TIMEOUT).until(() -> owned(cluster).contains("berlin"));
            awaitAgreement(cluster, machines, "");
            assertThat(machines.get(2).run("sync", "--site", "berlin").exitCode())
                    .isZero();

            List<String> labelled = new ArrayList<>(cluster.site("berlin"));
            labelled.add("    labels: { team: network }");
            String before = digest(cluster);
            write(machines, labelled);
            awaitAgreement(cluster, machines, before);
            await().atMost(TIMEOUT).until(() -> owned(cluster).contains("berlin"));
            assertThat(machines.get(0).run("sync", "--site", "berlin").exitCode())
                    .isZero();

            aBadFileOnOneNodeIsAnIncidentAndChangesNothing(cluster, machines.get(1), labelled);

            String labelledDigest = digest(cluster);
            for (Machine each : machines) {
                each.delete(BERLIN);
            }
            awaitAgreement(cluster, machines, labelledDigest);
            assertThat(machines.get(0).run("sync", "--site", "berlin").exitCode())
                    .isNotZero();
            assertThat(machines.get(0).run("sync", "--site", "hq").exitCode()).isZero();
            assertThat(openIncidents(cluster)).isEmpty();
        }
    }

    private static void aBadFileOnOneNodeIsAnIncidentAndChangesNothing(
            ClusterMachines cluster, Machine machine, List<String> good) throws Exception {
        machine.write(BERLIN, List.of("sites:", "  - { name: berlin, smm: { } }"));
        await().atMost(TIMEOUT).until(() -> openIncidents(cluster).equals(List.of("LIC8008")));
        assertThat(cluster.rows("SELECT last_data FROM incident WHERE is_open = 1")
                        .toString())
                .contains(machine.node(), "berlin.yaml:2: ", "smm");
        assertThat(owned(cluster)).containsExactly("berlin", "hq", "lab");
        assertThat(machine.run("sync", "--site", "hq").err()).contains("berlin.yaml:2: ");
        write(List.of(machine), good);
        await().atMost(TIMEOUT).until(() -> openIncidents(cluster).isEmpty());
    }

    private static void write(List<Machine> machines, List<String> site) throws Exception {
        List<String> lines = new ArrayList<>(List.of("sites:"));
        lines.addAll(site);
        for (Machine each : machines) {
            each.write(BERLIN, lines);
        }
    }

    /** All nodes have the same configuration, another one than before. */
    private static void awaitAgreement(ClusterMachines cluster, List<Machine> machines, String before)
            throws Exception {
        await().atMost(TIMEOUT).until(() -> {
            List<String> digests = cluster.rows("SELECT DISTINCT configuration FROM cluster_node");
            return digests.size() == 1 && !digests.get(0).equals(before);
        });
        for (Machine each : machines) {
            JsonNode nodes =
                    Json.MAPPER.readTree(each.run("cluster", "--json").out()).path("nodes");
            assertThat(nodes).hasSize(machines.size());
            assertThat(nodes.findValues("differs"))
                    .allSatisfy(differs -> assertThat(differs).isEmpty());
        }
    }

    private static String digest(ClusterMachines cluster) throws SQLException {
        return cluster.rows("SELECT DISTINCT configuration FROM cluster_node").get(0);
    }

    private static List<String> owned(ClusterMachines cluster) throws SQLException {
        return cluster.rows("SELECT site FROM site_owner WHERE node IS NOT NULL AND site <> 'relay' ORDER BY site");
    }

    private static List<String> openIncidents(ClusterMachines cluster) throws SQLException {
        return cluster.rows("SELECT code FROM incident WHERE is_open = 1");
    }
}
