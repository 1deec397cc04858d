package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.cli.ClusterMachines.Machine;
import io.licenserelay.cluster.ClusterNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.schema.LaterMigrations;
import io.licenserelay.store.schema.Migrations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of the relay in one cluster. The newer one has migrations that exist only for this test. */
@Tag("deep")
@Tag("only-deep")
class UpgradeIT {
    private static final List<String> SITES = List.of("east", "hq", "north", "west");
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void twoVersionsWorkSideBySideAndTheOlderOneGoesOnAloneAfterwards() throws Exception {
        try (ClusterMachines cluster = new ClusterMachines(folder, SITES)) {
            Machine older = cluster.machine("node-old");
            Machine newer = cluster.machine("node-new");
            cluster.createTopics();

            older.start(Migrations.PACKED);
            awaitSites(cluster, "node-old", SITES.size());
            syncs(older);
            newer.start(LaterMigrations.ADDITIVE);
            await().atMost(TIMEOUT).untilAsserted(() -> {
                assertThat(cluster.ownedBy("node-old")).isNotEmpty();
                assertThat(cluster.ownedBy("node-new")).isNotEmpty();
                assertThat(cluster.ownedBy("node-old").size()
                                + cluster.ownedBy("node-new").size())
                        .isEqualTo(SITES.size());
            });
            syncs(older);
            syncs(newer);
            awaitPublished(cluster);

            older.stop();
            awaitSites(cluster, "node-new", SITES.size());
            syncs(newer);
            awaitPublished(cluster);
            older.start(Migrations.PACKED);
            newer.stop();
            awaitSites(cluster, "node-old", SITES.size());
            syncs(older);
            awaitPublished(cluster);

            List<String> outcomes = cluster.rows("SELECT outcome FROM run");
            assertThat(outcomes).hasSizeGreaterThanOrEqualTo(5 * SITES.size()).containsOnly("complete");
            List<JsonNode> published = RealKafka.events(cluster.topic(Topic.SYNCS));
            assertThat(published).as("each run is published once").hasSameSizeAs(outcomes);
            assertThat(published).extracting(each -> each.at("/id").asText()).doesNotHaveDuplicates();
            assertThat(RealKafka.events(cluster.topic(Topic.FAILURES))).isEmpty();
            assertThat(cluster.rows("SELECT version FROM flyway_schema_history ORDER BY version"))
                    .containsExactly("1", "2");
        }
    }

    @Test
    void aVersionThatANewerOneExcludesOwnsNothingAnyMoreAndSaysWhatToDo() throws Exception {
        try (ClusterMachines cluster = new ClusterMachines(folder, SITES);
                CapturedLog log = new CapturedLog(ClusterNode.class)) {
            Machine older = cluster.machine("node-old");
            Machine newer = cluster.machine("node-new");
            cluster.createTopics();
            older.start(Migrations.PACKED);
            awaitSites(cluster, "node-old", SITES.size());
            syncs(older);

            newer.start(LaterMigrations.BREAKING);
            awaitSites(cluster, "node-new", SITES.size());
            syncs(newer);
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(log.warnings())
                    .anyMatch(each -> each.contains("node node-old lost its session with PostgreSQL and owns nothing:"
                            + " a newer relay has changed the database"))
                    .anyMatch(each -> each.contains("Cannot join the cluster: the database has schema version 3")
                            && each.contains("this relay has schema version 1")
                            && each.contains("Install the newer version again")));
            assertThat(cluster.rows("SELECT outcome FROM run")).containsOnly("complete");
            CommandResult command = older.run("incidents");
            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.err()).contains("has schema version 3", "this relay has schema version 1");

            older.stop();
            assertThatThrownBy(() -> older.start(Migrations.PACKED))
                    .isInstanceOf(StoreFailed.class)
                    .hasMessageContaining("has schema version 3")
                    .hasMessageContaining("Only relays with schema version 3 or higher may use it");
        }
    }

    private static void awaitSites(ClusterMachines cluster, String node, int sites) {
        await().atMost(TIMEOUT)
                .until(() -> cluster.ownedBy(node).size() == sites
                        && !cluster.rows("SELECT 1 FROM site_owner WHERE site = 'relay' AND node IS NOT NULL")
                                .isEmpty());
    }

    private static void syncs(Machine machine) throws InterruptedException {
        assertThat(machine.sync()).hasSize(SITES.size()).allSatisfy(each -> assertThat(each.outcome())
                .isEqualTo("complete"));
    }

    private static void awaitPublished(ClusterMachines cluster) {
        await().atMost(TIMEOUT)
                .until(() -> cluster.rows("SELECT seq FROM outbox").isEmpty());
    }
}
