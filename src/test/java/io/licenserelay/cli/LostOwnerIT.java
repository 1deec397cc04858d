package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.RumSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands while the owner of their site dies, and while no relay runs. */
class LostOwnerIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private ClusterMachines cluster;

    @BeforeEach
    void open() throws Exception {
        cluster = new ClusterMachines(folder, List.of("hq"));
    }

    @AfterEach
    void close() throws Exception {
        cluster.close();
    }

    @Test
    void theNextOwnerRunsASyncWhoseOwnerWasKilled() throws Exception {
        ClusterMachines.Machine first = cluster.machine("node-1");
        ClusterMachines.Machine second = cluster.machine("node-2");
        ClusterMachines.Machine idle = cluster.machine("node-3");
        cluster.createTopics();
        try (RelayProcess owner = RelayProcess.start(folder, first.arguments("run"))) {
            owner.until(Duration.ofMillis(50), () -> owner.err().contains(" ended complete"));
            cluster.ssm().faults().set("latency", "millis", 60_000, "resource", "licenses");
            CompletableFuture<CommandResult> sync = CompletableFuture.supplyAsync(() -> idle.run("sync"));
            owner.until(Duration.ofMillis(50), () -> owner.err().contains("begins (operator)"));
            second.start();
            assertThat(owner.kill()).isNotZero();
            cluster.ssm().faults().clear();

            CommandResult result = sync.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).containsPattern("(?m)^hq/ACME +complete +2 +2 ");
            assertThat(result.err())
                    .containsSubsequence("hq: relay node-1 runs the sync", "hq: relay node-2 runs the sync");
            assertThat(cluster.rows("SELECT site FROM run_request")).isEmpty();
        }
    }

    @Test
    void withoutALiveRelayACommandJoinsTheClusterForItsDuration() throws Exception {
        ClusterMachines.Machine machine = cluster.machine("node-1");
        cluster.createTopics();
        CommandResult none = machine.run("incidents");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("No relay state in PostgreSQL at ");

        CommandResult sync = machine.run("sync");
        assertThat(sync.exitCode()).as(sync.err()).isZero();
        assertThat(sync.out()).containsPattern("(?m)^hq/ACME +complete +2 +2 +0 +0 +0 +2 ");
        assertThat(sync.err()).isEmpty();

        Path file = RumSamples.write(
                folder.resolve("rum.txt"), RumSamples.bare(RumSamples.report(RumSamples.payload("9ALONE", 1))));
        CommandResult imported = machine.run("reports", "import", file.toString());
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("1 report, 1 new");
        assertThat(machine.run("incidents").exitCode()).isZero();

        String node = "node-1-cli-" + ProcessHandle.current().pid();
        assertThat(cluster.rows("SELECT node FROM cluster_node WHERE stopped_at IS NOT NULL"))
                .containsExactly(node);
        CommandResult nodes = machine.run("cluster");
        assertThat(nodes.exitCode()).isEqualTo(1);
        assertThat(nodes.out()).contains(node, "ended", "! without an owner: hq, relay");
        await().atMost(TIMEOUT)
                .until(() -> cluster.rows("SELECT site FROM run_request").isEmpty());
    }
}
