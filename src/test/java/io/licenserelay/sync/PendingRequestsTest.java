package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.config.Configuration;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.store.Database;
import io.licenserelay.sync.request.RequestOutcome;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.schedule.RunQueue;
import io.licenserelay.text.Json;
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
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingRequestsTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final List<String> started = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Semaphore> mayEnd = new ConcurrentHashMap<>();
    private final AtomicInteger failuresLeft = new AtomicInteger();
    private int offset;
    private Database database;
    private Sites sites;
    private RunQueue queue;
    private PendingRequests commands;
    private Predicate<String> agreed = site -> true;

    @BeforeEach
    void start() throws Exception {
        database = TestStore.current().open(folder);
        sites = sites("a", "b");
        startProcessing();
    }

    @AfterEach
    void end() throws Exception {
        queue.close();
        database.close();
    }

    @Test
    void aHangingSyncDoesNotDelayCommandsOfOtherSites() throws Exception {
        accept("a", "first");
        accept("a", "second");
        mayEnd("b");
        accept("b", "third");
        await().atMost(TIMEOUT).until(() -> started.contains("b third"));
        await().atMost(TIMEOUT).until(() -> pending().equals(List.of("a first", "a second")));
        assertThat(started).containsExactlyInAnyOrder("a first", "b third");
    }

    @Test
    void commandsOfASiteRunInOrderAndAreRemovedAfterTheirRun() throws Exception {
        for (String by : List.of("first", "second", "third")) {
            accept("a", by);
        }
        for (int run = 1; run <= 3; run++) {
            int expected = run;
            await().atMost(TIMEOUT).until(() -> started.size() == expected);
            assertThat(pending()).hasSize(4 - run);
            mayEnd("a");
        }
        await().atMost(TIMEOUT).until(() -> pending().isEmpty());
        assertThat(started).containsExactly("a first", "a second", "a third");
    }

    @Test
    void anUnfinishedCommandRunsAgainAfterARestart() throws Exception {
        accept("a", "first");
        accept("a", "second");
        await().atMost(TIMEOUT).until(() -> started.size() == 1);
        queue.close();
        await().atMost(TIMEOUT).until(queue::isIdle);
        assertThat(pending()).containsExactly("a first", "a second");

        started.clear();
        startProcessing();
        mayEnd("a");
        mayEnd("a");
        await().atMost(TIMEOUT).until(() -> pending().isEmpty());
        assertThat(started).containsExactly("a first", "a second");
    }

    @Test
    void theCommandsOfASiteThatIsRemovedAreDroppedWithoutAnotherRun() throws Exception {
        accept("a", "first");
        accept("a", "second");
        await().atMost(TIMEOUT).until(() -> started.size() == 1);
        sites.remove("a");
        mayEnd("a");
        await().atMost(TIMEOUT).until(() -> pending().equals(List.of("a second")));
        await().atMost(TIMEOUT).until(queue::isIdle);
        commands.dropUnknown(agreed);
        assertThat(pending()).isEmpty();
        mayEnd("b");
        accept("b", "third");
        await().atMost(TIMEOUT).until(() -> pending().isEmpty());
        assertThat(started).containsExactly("a first", "b third");
    }

    @Test
    void aFailedSyncRunsAgain() throws Exception {
        failuresLeft.set(1);
        mayEnd("a");
        mayEnd("a");
        accept("a", "first");
        await().atMost(TIMEOUT).until(() -> pending().isEmpty());
        assertThat(started).containsExactly("a first", "a first");
    }

    @Test
    void aRedeliveredRecordIsNotASecondCommand() throws Exception {
        commands.accept("commands/0", "7", request("a", "first"));
        commands.accept("commands/0", "7", request("a", "first"));
        assertThat(pending()).containsExactly("a first");
    }

    @Test
    void theLimitOfWaitingCommandsAppliesPerSite() throws Exception {
        for (int i = 0; i < PendingRequests.MAX_PER_SITE; i++) {
            accept("a", "jane");
        }
        assertThatThrownBy(() -> accept("a", "jane"))
                .isInstanceOf(InvalidCommand.class)
                .hasMessageContaining("10 commands for a are already waiting");
        accept("b", "jane");
        assertThat(pending()).hasSize(PendingRequests.MAX_PER_SITE + 1);
    }

    @Test
    void aCommandForARemovedSiteIsDropped() throws Exception {
        accept("a", "first");
        queue.close();
        sites = sites("b");
        startProcessing();
        assertThat(pending()).isEmpty();
    }

    /** Another relay of the cluster may still have it, or have it already. */
    @Test
    void aCommandOfASiteThatNotAllRelaysHaveRemovedStays() throws Exception {
        accept("a", "first");
        queue.close();
        sites = sites("b");
        agreed = site -> false;
        startProcessing();
        assertThat(pending()).containsExactly("a first");
    }

    private void startProcessing() {
        queue = new RunQueue(4, this::run);
        AwaitedRequests awaited = new AwaitedRequests(
                database,
                queue,
                request -> new RequestOutcome.Answered(
                        Json.object().put("work", request.work().wireName())),
                "node-1",
                Clock.systemUTC());
        CommandPause pause = new CommandPause(Duration.ZERO, Clock.systemUTC());
        commands =
                new PendingRequests(database, sites, queue, awaited, pause, Duration.ofMillis(50), Clock.systemUTC());
        commands.dropUnknown(agreed);
        commands.collect();
        commands.begin();
    }

    private void accept(String site, String by) throws InvalidCommand {
        commands.accept("commands/0", Integer.toString(offset++), request(site, by));
    }

    private static SyncRequest request(String site, String by) {
        return new SyncRequest(site, SyncRequest.Cause.COMMAND, by, null, false);
    }

    private List<SyncResult> run(SyncRequest request) {
        sites.named(request.site());
        started.add(request.site() + " " + request.requestedBy());
        try {
            semaphore(request.site()).acquire();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        String outcome = failuresLeft.getAndDecrement() > 0 ? "failed" : "complete";
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
        return database.read(tx -> tx.createQuery("SELECT site || ' ' || requested_by FROM run_request ORDER BY seq")
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
