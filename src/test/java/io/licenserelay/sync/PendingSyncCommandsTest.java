package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.Configuration;
import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.schedule.RunQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingSyncCommandsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final List<String> begun = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Semaphore> mayEnd = new ConcurrentHashMap<>();
    private final AtomicInteger breakOff = new AtomicInteger();
    private int offset;
    private Database database;
    private Sites sites;
    private RunQueue queue;
    private PendingSyncCommands commands;

    @BeforeEach
    void start() throws Exception {
        database = MigratedStore.open(folder);
        sites = sites("a", "b");
        process();
    }

    @AfterEach
    void end() throws Exception {
        queue.close();
        database.close();
    }

    @Test
    void aSiteWhoseSyncDoesNotEndDelaysNoCommandOfAnotherSite() throws Exception {
        accept("a", "first");
        accept("a", "second");
        mayEnd("b");
        accept("b", "third");
        await().atMost(PATIENCE).until(() -> begun.contains("b third"));
        await().atMost(PATIENCE).until(() -> pending().equals(List.of("a first", "a second")));
        assertThat(begun).containsExactlyInAnyOrder("a first", "b third");
    }

    @Test
    void commandsOfOneSiteRunInTheirOrderAndLeaveOnceTheirOutcomeIsThere() throws Exception {
        for (String by : List.of("first", "second", "third")) {
            accept("a", by);
        }
        for (int run = 1; run <= 3; run++) {
            int many = run;
            await().atMost(PATIENCE).until(() -> begun.size() == many);
            assertThat(pending()).hasSize(4 - run);
            mayEnd("a");
        }
        await().atMost(PATIENCE).until(() -> pending().isEmpty());
        assertThat(begun).containsExactly("a first", "a second", "a third");
    }

    @Test
    void aCommandWhoseSyncDidNotEndBeforeTheRelayDidRunsAfterTheNextStart() throws Exception {
        accept("a", "first");
        accept("a", "second");
        await().atMost(PATIENCE).until(() -> begun.size() == 1);
        queue.close();
        await().atMost(PATIENCE).until(queue::isIdle);
        assertThat(pending()).containsExactly("a first", "a second");

        begun.clear();
        process();
        mayEnd("a");
        mayEnd("a");
        await().atMost(PATIENCE).until(() -> pending().isEmpty());
        assertThat(begun).containsExactly("a first", "a second");
    }

    @Test
    void aSyncThatBreaksOffRunsAgain() throws Exception {
        breakOff.set(1);
        mayEnd("a");
        mayEnd("a");
        accept("a", "first");
        await().atMost(PATIENCE).until(() -> pending().isEmpty());
        assertThat(begun).containsExactly("a first", "a first");
    }

    @Test
    void aRecordThatKafkaDeliversAgainIsNoSecondCommand() throws Exception {
        commands.accept("commands/0/7", request("a", "first"));
        commands.accept("commands/0/7", request("a", "first"));
        assertThat(pending()).containsExactly("a first");
    }

    @Test
    void commandsThatWaitForOneSiteAreBoundedAndOtherSitesAreNotRefused() throws Exception {
        for (int i = 0; i < PendingSyncCommands.MAX_PER_SITE; i++) {
            accept("a", "jane");
        }
        assertThatThrownBy(() -> accept("a", "jane"))
                .isInstanceOf(InvalidCommand.class)
                .hasMessageContaining("10 commands for a are already waiting");
        accept("b", "jane");
        assertThat(pending()).hasSize(PendingSyncCommands.MAX_PER_SITE + 1);
    }

    @Test
    void aCommandForASiteThatLeftTheConfigurationIsDropped() throws Exception {
        accept("a", "first");
        queue.close();
        sites = sites("b");
        process();
        assertThat(pending()).isEmpty();
    }

    private void process() {
        queue = new RunQueue(4, this::run);
        commands = new PendingSyncCommands(database, sites, queue, Duration.ofMillis(50), Clock.systemUTC());
        commands.dropUnknown();
        commands.collect();
        commands.begin();
    }

    private void accept(String site, String by) throws InvalidCommand {
        commands.accept("commands/0/" + offset++, request(site, by));
    }

    private static SyncRequest request(String site, String by) {
        return new SyncRequest(site, SyncRequest.Cause.COMMAND, by, null, false);
    }

    private List<SyncResult> run(SyncRequest request) {
        begun.add(request.site() + " " + request.requestedBy());
        try {
            semaphore(request.site()).acquire();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        String outcome = breakOff.getAndDecrement() > 0 ? "failed" : "complete";
        SyncResult.Difference nothing = new SyncResult.Difference(0, 0, 0);
        return List.of(new SyncResult(request.site(), null, outcome, 0, 0, 0, 0, 0, nothing, List.of(), 0));
    }

    private void mayEnd(String site) {
        semaphore(site).release();
    }

    private Semaphore semaphore(String site) {
        return mayEnd.computeIfAbsent(site, any -> new Semaphore(0));
    }

    private List<String> pending() {
        return database.read(
                tx -> tx.createQuery("SELECT site || ' ' || requested_by FROM pending_command ORDER BY seq")
                        .mapTo(String.class)
                        .list());
    }

    private Sites sites(String... names) throws Exception {
        StringBuilder yaml = new StringBuilder("sites:\n");
        for (String name : names) {
            yaml.append("  - { name: ")
                    .append(name)
                    .append(", ssm: { url: \"https://127.0.0.1:1\", client: { id: x, secret: \"env:S\" } } }\n");
        }
        Path configuration = Files.createDirectories(folder.resolve("configuration"));
        Files.writeString(configuration.resolve("relay.yaml"), yaml);
        return new Sites(Configuration.read(configuration, Map.of("S", "secret-1"), Map.of())
                .sites());
    }
}
