package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the real process at random instants: during the start, a pull, or publishing. */
@Tag("deep")
class KillIT {
    private static final long SEED = 42;
    private static final int KILLED = 128 + 9;
    private static final int KILLS = Integer.getInteger("kills", 3);

    private final Random random = new Random(SEED);
    private final ChangingEstate estate = new ChangingEstate(SEED);

    @TempDir
    Path folder;

    /** The phase in which the process is killed. */
    private enum Phase {
        STARTING,
        PULLING,
        PUBLISHING
    }

    @Test
    void repeatedKillsLoseNoInventoryAndDuplicateNoEventOrIncident() throws Exception {
        try (SsmSimulator ssm = SsmSimulator.builder()
                .estate(estate.estate())
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start()) {
            ssm.faults().set("latency", "millis", 60);
            ssm.faults().set("forbidden", "va", ChangingEstate.FORBIDDEN);
            Settings settings = configure(ssm);
            PublishedRecords published = new PublishedRecords(settings);
            assertThat(command("check").exitCode()).isZero();

            List<Phase> phases = phases();
            for (Phase phase : phases) {
                kill(phase, ssm, settings);
                estate.change();
            }

            assertThat(command("sync").exitCode())
                    .as("one virtual account is forbidden")
                    .isEqualTo(2);
            assertOpen(published.incidents("pull"));
            assertOpen(published.incidents("compliance"));

            ssm.faults().clear();
            estate.makeOverusedCompliant();
            assertThat(command("sync").exitCode()).isZero();
            assertResolved(published.incidents("pull"));
            assertResolved(published.incidents("compliance"));
            assertThat(published.duplicates()).isEmpty();
            assertThat(published.inventory()).isEqualTo(estate.inventory("hq"));
            int resends = published.resends(Topic.LICENSES)
                    + published.resends(Topic.FAILURES)
                    + published.resends(Topic.SYNCS);
            long interrupted = assertState();
            System.out.printf(
                    "KillIT: %d kills done, %d of them in the middle of a run; %d records were sent again%n",
                    phases.size(), interrupted, resends);
        }
    }

    private Settings configure(SsmSimulator ssm) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        return TempRelay.in(folder)
                .store(TestStore.SQLITE)
                .of(ssm)
                .ssm("client", "{ id: relay, secret: 'file:" + secret + "' }")
                .site("schedule", "'* * * * * ?'")
                // On a busy machine Kafka may answer late, which must not be an incident here.
                .setting("relay.kafka.maxBlock", "60s")
                .configuration()
                .settings();
    }

    private List<Phase> phases() {
        // The shares for 20 kills: 3, 8 and 9; for 3 kills: 1 each.
        List<Phase> phases = new ArrayList<>();
        phases.addAll(Collections.nCopies(Math.max(1, KILLS * 3 / 20), Phase.STARTING));
        phases.addAll(Collections.nCopies(KILLS * 8 / 20, Phase.PUBLISHING));
        phases.addAll(Collections.nCopies(KILLS - phases.size(), Phase.PULLING));
        Collections.shuffle(phases, random);
        return phases;
    }

    private void kill(Phase phase, SsmSimulator ssm, Settings settings) throws Exception {
        try (TopicEnd licenses = new TopicEnd(settings.topic(Topic.LICENSES));
                RelayProcess process = RelayProcess.start(folder, arguments("run"))) {
            switch (phase) {
                case STARTING -> RelayProcess.pause(200 + random.nextInt(2000));
                case PULLING -> {
                    process.untilGrown(ssm.requests()::total, 1 + random.nextInt(20));
                    RelayProcess.pause(random.nextInt(80));
                }
                case PUBLISHING -> {
                    process.untilGrown(licenses, 1 + random.nextInt(250));
                    RelayProcess.pause(random.nextInt(40));
                }
            }
            assertThat(process.kill()).as(process.err()).isEqualTo(KILLED);
        }
    }

    private CommandResult command(String name) {
        return CommandResult.of(arguments(name));
    }

    private String[] arguments(String command) {
        return new String[] {
            command,
            "--config",
            folder.resolve("config").toString(),
            "--data",
            folder.resolve("data").toString()
        };
    }

    private static void assertOpen(Map<String, List<JsonNode>> incidents) {
        assertThat(incidents.values()).singleElement().satisfies(line -> {
            assertTriggerAndUpdates(line);
            assertThat(line).noneMatch(event -> state(event).equals("resolve"));
        });
    }

    private static void assertResolved(Map<String, List<JsonNode>> incidents) {
        assertThat(incidents.values()).singleElement().satisfies(line -> {
            assertTriggerAndUpdates(line.subList(0, line.size() - 1));
            assertThat(state(line.get(line.size() - 1))).isEqualTo("resolve");
        });
    }

    /** Asserts that the events are a trigger and then only updates, each after further runs. */
    private static void assertTriggerAndUpdates(List<JsonNode> line) {
        int before = 0;
        for (int i = 0; i < line.size(); i++) {
            assertThat(state(line.get(i))).isEqualTo(i == 0 ? "trigger" : "update");
            int occurrences = line.get(i).at("/data/occurrences").asInt();
            assertThat(occurrences).isGreaterThan(before);
            before = occurrences;
        }
    }

    private static String state(JsonNode event) {
        return event.at("/data/state").asText();
    }

    /** @return the number of interrupted runs */
    private long assertState() {
        try (Database database = Database.open(folder.resolve("data"))) {
            assertThat(inventory(database)).isEqualTo(estate.inventory("hq"));
            assertThat(count(database, "outbox")).isZero();
            assertThat(count(database, "license WHERE gone_run IS NOT NULL"))
                    .as("removed licenses whose tombstone was sent")
                    .isZero();
            assertThat(count(database, "incident")).isEqualTo(2);
            assertThat(count(database, "incident WHERE is_open = 1")).isZero();
            long interrupted = count(database, "run WHERE outcome = 'interrupted'");
            assertThat(interrupted).isGreaterThan(KILLS / 4);
            return interrupted;
        }
    }

    private static Map<String, String> inventory(Database database) {
        Map<String, String> all = new TreeMap<>();
        database.read(tx -> tx.createQuery("SELECT * FROM license l JOIN place p ON p.id = l.place_id")
                .map((row, context) -> all.put(
                        new Place(row.getString("site"), row.getString("account"), row.getString("va")).path()
                                + "/" + Place.encode(row.getString("name"))
                                + "/" + Place.encode(row.getString("billing")),
                        row.getLong("quantity") + " " + row.getLong("in_use") + " " + row.getString("status")))
                .list());
        return all;
    }

    private static long count(Database database, String from) {
        return database.read(tx ->
                tx.createQuery("SELECT COUNT(*) FROM " + from).mapTo(Long.class).one());
    }
}
