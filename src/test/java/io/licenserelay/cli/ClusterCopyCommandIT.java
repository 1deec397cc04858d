package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.RumSamples;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.simulator.kafka.EmbeddedKafka;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.ScenarioIT;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay changes its store: what it did on SQLite goes on, on PostgreSQL. */
class ClusterCopyCommandIT extends ScenarioIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @TempDir
    Path broker;

    @Test
    void whatBeganOnSqliteEndsOnPostgresql() throws Exception {
        Path report = Files.writeString(
                folder.resolve("rum.txt"),
                RumSamples.bare(RumSamples.report(RumSamples.payload("9SAMPLE0001", 1_700_000_001L))));
        EmbeddedKafka kafka = EmbeddedKafka.start(broker);
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("reports", "{ push: bundle }")) {
            new TopicSetup(relay.store(TestStore.SQLITE)
                            .brokers(kafka.brokers())
                            .configuration()
                            .settings())
                    .ensure();
            relay.start();
            relay.sync();
            assertThat(imported(relay, report).fresh()).isEqualTo(1);
            ssm.faults().set("forbidden", "resource", "licenses");
            relay.sync();
            awaitPublished(relay);
            kafka.close();
            relay.sync();
            List<String> inventory = relay.inventory();
            Incident open = relay
                    .relay()
                    .database()
                    .read(tx -> relay.relay().incidents().open(tx))
                    .stream()
                    .filter(each -> !each.code().equals("LIC8001"))
                    .findFirst()
                    .orElseThrow();
            relay.close();
            Map<String, List<String>> waiting = read(relay, ClusterCopyCommandIT::waiting);
            Map<String, Long> ledger = read(relay, ClusterCopyCommandIT::ledger);
            assertThat(waiting.values()).isNotEmpty();

            CommandResult copied = copy(relay, "--json");
            assertThat(copied.exitCode()).as(copied.err()).isZero();
            JsonNode answer = Json.MAPPER.readTree(copied.out());
            assertThat(answer.path("copied").asBoolean()).isTrue();
            assertThat(answer.at("/tables/0/equal").asBoolean()).isTrue();

            kafka = EmbeddedKafka.start(broker, kafka.port());
            relay.cluster().start();
            assertThat(relay.inventory()).isEqualTo(inventory);
            assertThat(relay.relay().database().read(ClusterCopyCommandIT::ledger))
                    .isEqualTo(ledger);
            awaitPublished(relay);
            for (Map.Entry<String, List<String>> each : waiting.entrySet()) {
                assertThat(ids(RealKafka.events(kafka.brokers(), each.getKey())))
                        .as(each.getKey())
                        .containsSubsequence(each.getValue())
                        .doesNotHaveDuplicates();
            }
            int licenses = RealKafka.events(kafka.brokers(), relay.topic(Topic.LICENSES))
                    .size();
            ssm.faults().clear();
            SyncResult recovered = relay.sync();
            assertThat(recovered.outcome()).isEqualTo("complete");
            assertThat(recovered.changes()).isEqualTo(new SyncResult.Difference(0, 0, 0));
            assertThat(imported(relay, report).fresh()).isZero();
            awaitPublished(relay);
            assertThat(RealKafka.events(kafka.brokers(), relay.topic(Topic.LICENSES)))
                    .hasSize(licenses);
            assertThat(RealKafka.events(kafka.brokers(), relay.topic(Topic.SYNCS)).stream()
                            .map(event -> event.at("/data/outcome").asText()))
                    .containsExactly("complete", "failed", "failed", "complete");
            assertThat(states(RealKafka.events(kafka.brokers(), relay.topic(Topic.FAILURES)), open))
                    .startsWith("trigger")
                    .endsWith("resolve")
                    .containsOnlyOnce("trigger", "resolve");
        } finally {
            kafka.close();
        }
    }

    @Test
    void aCopyIsRefusedWhileARelayUsesTheDataFolderAndChangesNothing() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).store(TestStore.SQLITE)) {
            relay.writeConfiguration();
            TestStore.SQLITE.prepare(relay.data());
            try (DataFolder running = DataFolder.take(relay.data()).orElseThrow()) {
                CommandResult refused = copy(relay);
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err())
                        .contains(
                                "A relay or a command uses the data folder " + running.path(),
                                "Stop it, and copy again");
            }
            CommandResult copied = copy(relay);
            assertThat(copied.exitCode()).as(copied.err()).isZero();
            assertThat(copied.out())
                    .contains("TABLE", "license_history", " tables are equal in PostgreSQL at localhost:")
                    .contains("Start no relay with it any more");
        }
    }

    @Test
    void withoutATargetOrAStateTheCommandSaysWhatIsMissing() throws Exception {
        Path config = Files.createDirectories(folder.resolve("alone"));
        Files.writeString(config.resolve("relay.yaml"), "sites: []\n");
        CommandResult alone = CommandResult.of(
                "cluster",
                "copy",
                "--config",
                config.toString(),
                "--data",
                folder.resolve("none").toString());
        assertThat(alone.exitCode()).isEqualTo(2);
        assertThat(alone.err()).contains("There is no target: add relay.store to " + config.resolve("relay.yaml"));

        Files.writeString(
                config.resolve("relay.yaml"),
                "sites: []\nrelay:\n  store: { url: 'jdbc:postgresql://127.0.0.1:1/relay', user: r, password: 'file:"
                        + Files.writeString(folder.resolve("password"), "store-secret-1") + "' }\n");
        CommandResult empty = CommandResult.of(
                "cluster",
                "copy",
                "--config",
                config.toString(),
                "--data",
                folder.resolve("none").toString());
        assertThat(empty.exitCode()).isEqualTo(2);
        assertThat(empty.err()).contains("No relay state in " + folder.resolve("none") + "; see --data.");

        TestStore.SQLITE.prepare(folder.resolve("data"));
        CommandResult unreachable = CommandResult.of(
                "cluster",
                "copy",
                "--config",
                config.toString(),
                "--data",
                folder.resolve("data").toString());
        assertThat(unreachable.exitCode()).isEqualTo(1);
        assertThat(unreachable.err())
                .contains("The database jdbc:postgresql://127.0.0.1:1/relay cannot be used")
                .doesNotContain("store-secret-1");
    }

    /** With the database that a relay of the same data folder uses as the node of a cluster. */
    private CommandResult copy(TempRelay relay, String... options) throws Exception {
        Path config = Files.createDirectories(folder.resolve("copy"));
        Path password = Files.writeString(folder.resolve("store-password"), "postgres");
        List<String> yaml = new ArrayList<>(List.of("sites: []"));
        TestStore.POSTGRESQL.configuration(relay.data()).stream()
                .map(line -> line.replace("env:" + TestStore.PASSWORD, "file:" + password))
                .forEach(yaml::add);
        Files.write(config.resolve("relay.yaml"), yaml);
        List<String> command = new ArrayList<>(List.of(
                "cluster",
                "copy",
                "--config",
                config.toString(),
                "--data",
                relay.data().toString()));
        command.addAll(List.of(options));
        return CommandResult.of(command.toArray(String[]::new));
    }

    private interface Reading<T> {
        T of(Handle tx);
    }

    private static <T> T read(TempRelay relay, Reading<T> reading) {
        try (Database database = Database.reading(relay.data()).orElseThrow()) {
            return database.read(reading::of);
        }
    }

    /** By topic the ids of the events that wait, in order. */
    private static Map<String, List<String>> waiting(Handle tx) {
        Map<String, List<String>> waiting = new TreeMap<>();
        tx.createQuery("SELECT topic, value FROM outbox WHERE value IS NOT NULL ORDER BY seq")
                .map((row, context) -> List.of(row.getString("topic"), row.getString("value")))
                .forEach(row -> waiting.computeIfAbsent(row.get(0), none -> new ArrayList<>())
                        .add(Json.stored(row.get(1), "an event").path("id").asText()));
        return waiting;
    }

    private static Map<String, Long> ledger(Handle tx) {
        Map<String, Long> ledger = new TreeMap<>();
        tx.createQuery("SELECT digest || ' ' || state AS report, received_at FROM report")
                .map((row, context) -> Map.entry(row.getString("report"), row.getLong("received_at")))
                .forEach(row -> ledger.put(row.getKey(), row.getValue()));
        return ledger;
    }

    private static List<String> ids(List<JsonNode> events) {
        return events.stream().map(event -> event.path("id").asText()).toList();
    }

    /** Of the events of the place and flow of the incident. */
    private static List<String> states(List<JsonNode> events, Incident incident) {
        List<FailureEvent> failures = events.stream().map(FailureEvent::new).toList();
        FailureEvent trigger = failures.stream()
                .filter(event -> event.id().equals(incident.triggerEvent()))
                .findFirst()
                .orElseThrow();
        List<FailureEvent> same = failures.stream()
                .filter(event -> event.key().equals(trigger.key()))
                .toList();
        assertThat(same.get(same.size() - 1).text("/causationid")).isEqualTo(trigger.id());
        return states(same);
    }

    private static ImportResult imported(TempRelay relay, Path file) throws Exception {
        return relay.relay().asReportActions().importFile("hq", "rum.txt", file);
    }

    private static void awaitPublished(TempRelay relay) {
        await().atMost(TIMEOUT).until(relay.relay().outbox()::isEmpty);
    }
}
