package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Digests;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.text.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on three machines of a cluster: two run relays, which own the sites, and one runs none. */
class AnyMachineIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final List<String> SITES = List.of("s1", "s2", "s3");

    @TempDir
    static Path folder;

    private static ClusterMachines cluster;
    private static ClusterMachines.Machine first;
    private static ClusterMachines.Machine second;
    private static ClusterMachines.Machine idle;
    private static String ofFirst;
    private static String ofSecond;

    @BeforeAll
    static void start() throws Exception {
        cluster = new ClusterMachines(folder, SITES);
        first = cluster.machine("node-1");
        second = cluster.machine("node-2");
        idle = cluster.machine("node-3");
        cluster.createTopics();
        first.start();
        second.start();
        await().atMost(TIMEOUT)
                .until(() -> cluster.ownedBy("node-1").size()
                                        + cluster.ownedBy("node-2").size()
                                == SITES.size()
                        && !cluster.ownedBy("node-1").isEmpty()
                        && !cluster.ownedBy("node-2").isEmpty());
        // Both nodes are preferred for some sites, so from now on no site moves.
        await().atMost(TIMEOUT).until(() -> runs("catch-up").containsAll(SITES));
        ofFirst = cluster.ownedBy("node-1").get(0);
        ofSecond = cluster.ownedBy("node-2").get(0);
    }

    @AfterAll
    static void end() throws Exception {
        cluster.close();
    }

    @AfterEach
    void clear() {
        cluster.ssm().faults().clear();
    }

    @Test
    void aSyncOfAnySiteHasTheSameAnswerOnEveryMachine() throws Exception {
        for (ClusterMachines.Machine machine : List.of(first, second, idle)) {
            for (String site : List.of(ofFirst, ofSecond)) {
                CommandResult result = machine.run("sync", "--site", site);
                assertThat(result.exitCode()).as(result.err()).isZero();
                assertThat(result.out())
                        .startsWith("PLACE")
                        .containsPattern("(?m)^" + site + "/ACME +complete +2 +2 +0 +0 +0 +0 ");
                String owner = site.equals(ofFirst) ? "node-1" : "node-2";
                assertThat(result.err())
                        .isEqualTo(
                                machine.node().equals(owner)
                                        ? ""
                                        : site + ": relay " + owner + " runs the sync" + System.lineSeparator());
            }
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void theExitCodesOfASyncOfAllSitesAreTheSameOnEveryMachine() throws Exception {
        for (ClusterMachines.Machine machine : List.of(first, idle)) {
            CommandResult complete = machine.run("sync", "--json");
            assertThat(complete.exitCode()).as(complete.err()).isZero();
            assertThat(complete.out().lines()).hasSize(1);
            assertThat(Json.MAPPER.readTree(complete.out()).path("runs"))
                    .extracting(run -> run.path("site").asText())
                    .containsExactlyElementsOf(SITES);

            cluster.ssm().faults().set("forbidden", "va", "Lab");
            CommandResult partial = machine.run("sync");
            assertThat(partial.exitCode()).isEqualTo(2);
            assertThat(partial.out()).contains(ofFirst + "/ACME/Lab", ofSecond + "/ACME/Lab");

            cluster.ssm().faults().clear().set("refuse");
            assertThat(machine.run("sync").exitCode()).isEqualTo(1);
            cluster.ssm().faults().clear();

            CommandResult unknown = machine.run("sync", "--site", "nowhere");
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err()).contains("no site \"nowhere\"");
        }
        assertThat(idle.run("sync").exitCode()).isZero();
    }

    @Test
    void reportsAreImportedAndSentAgainByTheOwner() throws Exception {
        String payload = RumSamples.payload("9ANY", 1);
        String digest = Digests.sha256(payload.getBytes(StandardCharsets.UTF_8));
        Path file = RumSamples.write(
                folder.resolve("rum é.txt"), RumSamples.bare(RumSamples.report(payload)) + RumSamples.bare("{}"));
        CommandResult imported = idle.run("reports", "import", "--site", ofFirst, file.toString());
        assertThat(imported.exitCode()).as(imported.err()).isEqualTo(1);
        assertThat(imported.out()).contains("rum é.txt: 1 report, 1 new", "  report 2: the report has no");
        assertThat(second.run("reports", "import", "--site", ofFirst, file.toString())
                        .out())
                .contains("1 report, 0 new");
        assertThat(cluster.rows("SELECT origin FROM report WHERE digest = '" + digest + "'"))
                .containsExactly("rum é.txt");
        assertThat(cluster.rows("SELECT id FROM request_content")).isEmpty();

        CommandResult listed = idle.run("reports", "list", "--device", "9ANY", "--json");
        assertThat(listed.exitCode()).isZero();
        assertThat(Json.MAPPER.readTree(listed.out()).at("/reports/0/site").asText())
                .isEqualTo(ofFirst);

        for (ClusterMachines.Machine machine : List.of(idle, second, first)) {
            CommandResult waits = machine.run("reports", "resend", digest.substring(0, 9));
            assertThat(waits.exitCode()).isEqualTo(1);
            assertThat(waits.err()).contains("The report already waits for the next push");
            cluster.rows("UPDATE report SET state = 'rejected' WHERE digest = '" + digest + "'");
            CommandResult again = machine.run("reports", "resend", digest);
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.out()).contains("The next push of " + ofFirst + " (bundle) sends it.");
        }
        assertThat(second.run("reports", "resend", "0123").exitCode()).isEqualTo(1);
    }

    @Test
    void aQuarantinedFileIsListedAndReadAgainOnEveryMachine() throws Exception {
        String payload = RumSamples.payload("9RETRY", 1);
        Path item = folder.resolve("shared").resolve(ofSecond).resolve("quarantine/abc123");
        RumSamples.write(item.resolve("content"), RumSamples.bare(RumSamples.report(payload)));
        RumSamples.write(
                item.resolve("about.json"),
                "{\"site\":\"" + ofSecond
                        + "\",\"name\":\"q.txt\",\"why\":\"a test\",\"at\":\"2026-11-29T12:00:00Z\"}");
        assertThat(first.run("reports", "retry").out()).contains("abc123", "q.txt");
        assertThat(idle.run("reports", "retry").out()).contains("abc123", "q.txt");
        CommandResult read = idle.run("reports", "retry", "abc123");
        assertThat(read.exitCode()).as(read.err()).isZero();
        assertThat(read.out()).contains("1 report, 1 of them new");
        assertThat(item).doesNotExist();
        CommandResult unknown = first.run("reports", "retry", "abc123");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("No quarantined item has the id abc123");
    }

    @Test
    void aCommandFromKafkaIsRunByTheOwnerWhicheverRelayReadsIt() throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", RealKafka.brokers()), new StringSerializer(), new StringSerializer())) {
            for (String site : List.of(ofFirst, ofSecond)) {
                producer.send(new ProducerRecord<>(cluster.topic(Topic.COMMANDS), "k", """
                                {"specversion":"1.0","id":"1","source":"/portal","type":"io.licenserelay.sync.requested.v1",
                                 "data":{"site":"%s","requestedBy":"jane"}}""".formatted(site)))
                        .get(10, TimeUnit.SECONDS);
            }
        }
        await().atMost(TIMEOUT).until(() -> runs("command").containsAll(List.of(ofFirst, ofSecond)));
        await().atMost(TIMEOUT).until(() -> requests().isEmpty());
        assertThat(runs("command")).containsExactlyInAnyOrder(ofFirst, ofSecond);
        assertThat(cluster.rows("SELECT DISTINCT requested_by FROM run WHERE cause = 'command'"))
                .containsExactly("jane");
    }

    @Test
    void readOnlyCommandsReadTheSharedState() throws Exception {
        for (String[] command :
                new String[][] {{"incidents", "--json"}, {"reports", "devices"}, {"reports", "export"}}) {
            CommandResult own = first.run(command);
            CommandResult other = idle.run(command);
            assertThat(other.out()).as(String.join(" ", command)).isEqualTo(own.out());
            assertThat(other.exitCode()).isEqualTo(own.exitCode());
        }
        CommandResult unknown = idle.run("replay", "nowhere/pull");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("no incident with evidence, named nowhere/pull", "PostgreSQL at");
        assertThat(idle.data().resolve("relay.db")).doesNotExist();
    }

    @Test
    void theDoctorChecksTheDatabaseAndTheNodes() throws Exception {
        JsonNode report = Json.MAPPER.readTree(
                idle.run("doctor", "--json", "--site", ofFirst).out());
        ObjectNode checks = Json.object();
        report.path("checks").forEach(check -> checks.set(check.path("check").asText(), check));
        for (String check :
                List.of("store", "store-clock", "store-pooler", "node", "nodes", "owners", "configuration")) {
            assertThat(checks.path(check).path("status").asText())
                    .as("%s in %s", check, report)
                    .isEqualTo("ok");
        }
        assertThat(checks.path("store").path("evidence").asText()).startsWith("PostgreSQL 1");
        assertThat(checks.path("node").path("evidence").asText()).isEqualTo("node-3 does not run; its name is free");
        assertThat(checks.path("nodes").path("evidence").asText()).startsWith("2 alive: node-1 (");
        assertThat(checks.path("outbox").path("evidence").asText()).doesNotContain("no data yet");
    }

    @Test
    void theNodesAndWhatTheyOwnAreListed() throws Exception {
        CommandResult text = idle.run("cluster");
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out())
                .startsWith("PostgreSQL at ")
                .containsPattern("(?m)^node-1 .* alive .* ms +\\d: .*" + ofFirst)
                .containsPattern("(?m)^node-2 .* alive .* ms +\\d: .*" + ofSecond)
                .contains("✓ each site has an owner");
        JsonNode json = Json.MAPPER.readTree(first.run("cluster", "--json").out());
        assertThat(json.path("shared").asBoolean()).isTrue();
        assertThat(json.at("/nodes/0/owns")).extracting(JsonNode::asText).contains(ofFirst);
        assertThat(json.at("/nodes/0/failedRoutes")).isEmpty();
        assertThat(json.path("withoutOwner")).isEmpty();
        assertThat(json.path("requests").isArray()).isTrue();

        ClusterMachines.Machine newer = cluster.machine("node-5", List.of("s1", "s7"));
        CommandResult unowned = newer.run("cluster");
        assertThat(unowned.exitCode()).isEqualTo(1);
        assertThat(unowned.out()).contains("! without an owner: s7");
        assertThat(newer.run("doctor", "--json").out()).contains("no relay works for s7");
    }

    @Test
    void aRequestThatNoRelayTakesIsAnErrorWithTheReason() throws Exception {
        ClusterMachines.Machine newer = cluster.machine("node-6", List.of(ofFirst, "s8"));
        CommandResult all = newer.run("sync");
        assertThat(all.exitCode()).isEqualTo(2);
        assertThat(all.out())
                .containsPattern("(?m)^" + ofFirst + "/ACME +complete ")
                .containsPattern("(?m)^s8 +failed ");
        assertThat(all.err())
                .contains("s8: no relay took the request within 24 s (live nodes: node-1, node-2).")
                .doesNotContain("the relay's log names the route");
        assertThat(requests()).isEmpty();
    }

    private static List<String> runs(String cause) throws Exception {
        return cluster.rows("SELECT site FROM run WHERE outcome = 'complete' AND cause = '" + cause + "'");
    }

    private static List<String> requests() throws Exception {
        return cluster.rows("SELECT site || ' ' || work FROM run_request");
    }
}
