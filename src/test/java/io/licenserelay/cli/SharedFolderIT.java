package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inbox and outbox of a cluster: a node uses them only if they are the folders that all nodes use. */
class SharedFolderIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final List<String> SITES = List.of("hq");

    @TempDir
    Path folder;

    private ClusterMachines cluster;

    @BeforeEach
    void open() throws Exception {
        cluster = new ClusterMachines(folder, SITES);
    }

    @AfterEach
    void close() throws Exception {
        cluster.close();
    }

    @Test
    void aNodeWithAnotherFolderReadsAndWritesNothingThereAndSaysWhatToMount() throws Exception {
        Path exchange = folder.resolve("exchange");
        ClusterMachines.Machine first = cluster.machine("node-1", SITES, exchange);
        ClusterMachines.Machine second = cluster.machine("node-2", SITES, folder.resolve("local"));
        cluster.createTopics();
        first.start();
        drop(exchange, "9ONE");
        await().atMost(TIMEOUT).until(() -> devices().contains("9ONE"));
        await().atMost(TIMEOUT).until(() -> runs("catch-up") == 1);
        assertThat(exchange.resolve("hq/outbox/.license-relay-shared")).isRegularFile();
        first.stop();

        drop(folder.resolve("local"), "9LOCAL");
        second.start();
        await().atMost(TIMEOUT).until(() -> !incidents(second).isEmpty());
        JsonNode incident = incidents(second).get(0);
        assertThat(incident.path("code").asText()).isEqualTo("LIC8010");
        assertThat(cluster.rows("SELECT body FROM evidence WHERE sequence = 0").get(0))
                .contains(
                        folder.resolve("local/hq/inbox")
                                + ": on node node-2 this folder has no file .license-relay-shared: it is not the folder"
                                + " that node node-1 marked at ",
                        "as " + exchange.resolve("hq/inbox"));
        CommandResult sync = second.run("sync");
        assertThat(sync.out()).as("the licenses are synced").containsPattern("(?m)^hq/ACME +partial +2 +2 ");
        assertThat(devices()).doesNotContain("9LOCAL");
        try (Stream<Path> files = Files.walk(folder.resolve("local"))) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(folder.resolve("local/hq/inbox/9LOCAL.txt"));
        }
        Path item = folder.resolve("local/hq/quarantine/abc123");
        RumSamples.write(item.resolve("content"), RumSamples.bare(RumSamples.report(RumSamples.payload("9RETRY", 1))));
        RumSamples.write(
                item.resolve("about.json"),
                "{\"site\":\"hq\",\"name\":\"q.txt\",\"why\":\"a test\",\"at\":\"2026-11-29T12:00:00Z\"}");
        CommandResult retried = second.run("reports", "retry", "abc123");
        assertThat(retried.exitCode()).isEqualTo(1);
        assertThat(retried.err()).contains("Mount the same folder on all nodes.");
        assertThat(second.run("doctor", "--json").out())
                .contains("\"check\":\"folders\",\"status\":\"error\"", "on node node-2 this folder has no file");

        delete(folder.resolve("local/hq"));
        Files.createSymbolicLink(folder.resolve("local/hq"), exchange.resolve("hq"));
        drop(exchange, "9TWO");
        await().atMost(TIMEOUT).until(() -> devices().contains("9TWO"));
        assertThat(second.run("sync").exitCode()).isZero();
        assertThat(incidents(second)).isEmpty();
    }

    @Test
    void aFolderThatIsUnmountedWhileItsNodeRunsIsNotTakenForAnEmptyInbox() throws Exception {
        Path exchange = folder.resolve("exchange");
        ClusterMachines.Machine machine = cluster.machine("node-1", SITES, exchange);
        cluster.createTopics();
        machine.start();
        drop(exchange, "9ONE");
        await().atMost(TIMEOUT).until(() -> devices().contains("9ONE"));
        await().atMost(TIMEOUT).until(() -> runs("catch-up") == 1);
        assertThat(incidents(machine)).isEmpty();

        Path away = Files.move(exchange, folder.resolve("away"));
        Files.createDirectories(exchange.resolve("hq/inbox"));
        drop(exchange, "9LOCAL");
        await().atMost(TIMEOUT).until(() -> !incidents(machine).isEmpty());
        assertThat(incidents(machine).get(0).path("code").asText()).isEqualTo("LIC8010");
        machine.run("sync");
        assertThat(devices()).doesNotContain("9LOCAL");
        assertThat(exchange.resolve("hq/outbox")).doesNotExist();
        assertThat(exchange.resolve("hq/inbox/9LOCAL.txt")).isRegularFile();

        delete(exchange);
        Files.move(away, exchange);
        drop(exchange, "9TWO");
        await().atMost(TIMEOUT).until(() -> devices().contains("9TWO"));
        assertThat(machine.run("sync").exitCode()).isZero();
        assertThat(incidents(machine)).isEmpty();
    }

    /** Both nodes have the same configuration, of which each makes folders of its own: nobody wrote where the shared folder is. */
    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theSitesOfANodeWithoutTheSharedFolderMoveToAnotherNode() throws Exception {
        List<String> sites = List.of("s1", "s2", "s3", "s4", "s5", "s6");
        try (ClusterMachines many = new ClusterMachines(Files.createDirectories(folder.resolve("many")), sites)) {
            ClusterMachines.Machine first = many.machineWithOwnFolders("node-1");
            ClusterMachines.Machine second = many.machineWithOwnFolders("node-2");
            many.createTopics();
            first.start();
            await().atMost(TIMEOUT).until(() -> many.rows("SELECT site FROM shared_folder WHERE confirmed = 1")
                    .containsAll(sites));
            second.start();
            await().atMost(TIMEOUT).until(() -> !incidents(second).isEmpty());
            await().atMost(TIMEOUT).until(() -> many.ownedBy("node-1").containsAll(sites));
            assertThat(many.rows("SELECT DISTINCT code FROM incident WHERE site <> 'relay'"))
                    .containsExactly("LIC8010");
            assertThat(
                            many.rows(
                                    "SELECT body FROM evidence WHERE incident_id IN (SELECT id FROM incident WHERE site <> 'relay')"))
                    .allMatch(evidence -> evidence.contains("on node node-2 this folder has no file"));
            for (String site : sites) {
                assertThat(second.data().resolve(site).resolve("inbox")).doesNotExist();
            }

            // The mounts are repaired. Nothing else changes, and nobody asks the node.
            for (String site : sites) {
                Path mount = second.data().resolve(site);
                if (Files.exists(mount)) {
                    delete(mount);
                }
                Files.createSymbolicLink(mount, first.data().resolve(site));
            }
            await().atMost(TIMEOUT).until(() -> many.ownedBy("node-2").stream().anyMatch(sites::contains));
            String moved = many.ownedBy("node-2").stream()
                    .filter(sites::contains)
                    .findFirst()
                    .orElseThrow();
            Path inbox = Files.createDirectories(first.data().resolve(moved).resolve("inbox"));
            Files.move(report("9REPAIRED"), inbox.resolve("report.txt"));
            await().atMost(TIMEOUT)
                    .until(() -> many.rows("SELECT serial FROM report").contains("9REPAIRED"));
            second.run("sync");
            await().atMost(TIMEOUT)
                    .until(() -> many.rows("SELECT code FROM incident WHERE is_open = 1 AND site <> 'relay'")
                            .isEmpty());
        }
    }

    private Path report(String serial) throws IOException {
        return RumSamples.write(
                folder.resolve(serial + ".txt"), RumSamples.bare(RumSamples.report(RumSamples.payload(serial, 1))));
    }

    private void drop(Path exchange, String serial) throws IOException {
        Path inbox = Files.createDirectories(exchange.resolve("hq/inbox"));
        Files.move(report(serial), inbox.resolve(serial + ".txt"));
    }

    private static void delete(Path folder) throws IOException {
        PathUtils.deleteDirectory(folder);
    }

    private List<String> devices() throws Exception {
        return cluster.rows("SELECT serial FROM report");
    }

    private long runs(String cause) throws Exception {
        return cluster.rows("SELECT site FROM run WHERE finished_at IS NOT NULL AND cause = '" + cause + "'")
                .size();
    }

    private static JsonNode incidents(ClusterMachines.Machine machine) throws IOException {
        return Json.MAPPER.readTree(machine.run("incidents", "--json").out()).path("incidents");
    }
}
