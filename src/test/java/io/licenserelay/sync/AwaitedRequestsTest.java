package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.fixture.TestStore;
import io.licenserelay.store.Database;
import io.licenserelay.sync.request.RequestOutcome;
import io.licenserelay.sync.request.RequestTable;
import io.licenserelay.sync.request.RequestedWork;
import io.licenserelay.sync.request.StoredRequest;
import io.licenserelay.sync.request.WorkOrder;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.schedule.RunQueue;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwaitedRequestsTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    Path folder;

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private Database database;
    private RunQueue queue;
    private AwaitedRequests requests;

    @BeforeEach
    void open() throws Exception {
        database = TestStore.current().open(folder);
        queue = new RunQueue(4, this::sync);
        requests = new AwaitedRequests(database, queue, this::work, "node-1", Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        mayEnd.countDown();
        requests.close();
        queue.close();
        database.close();
    }

    @Test
    void theOutcomeOfEachRequestIsStoredForItsRequester() {
        mayEnd.countDown();
        submit("0", WorkOrder.sync("a", true));
        submit("1", new WorkOrder("a", RequestedWork.RESEND, "d1", null, false));
        submit("2", new WorkOrder("a", RequestedWork.RESEND, "refused", null, false));
        submit("3", new WorkOrder("a", RequestedWork.RESEND, "broken", null, false));
        addAll();
        await().atMost(TIMEOUT).until(() -> stored().isEmpty());
        assertThat(outcomes().get(0)).isInstanceOfSatisfying(RequestOutcome.Answered.class, each -> assertThat(
                        each.answer().at("/0/outcome").asText())
                .isEqualTo("complete"));
        assertThat(outcomes().subList(1, 4))
                .containsExactly(
                        new RequestOutcome.Answered(Json.object().put("told", "d1")),
                        new RequestOutcome.Refused("it is acknowledged"),
                        new RequestOutcome.Failed("the request failed; see the log of relay node-1"));
        assertThat(done).contains("sync a by operator, accept true, from null");
        assertThat(requests.isIdle()).isTrue();
    }

    @Test
    void aRequestThatIsWorkedOnIsNotBegunAgain() {
        submit("0", WorkOrder.sync("a", false));
        addAll();
        await().atMost(TIMEOUT).until(() -> done.size() == 1);
        addAll();
        assertThat(requests.isIdle("a")).isFalse();
        assertThat(requests.isIdle("b")).isTrue();
        List<StoredRequest> before = stored();
        mayEnd.countDown();
        await().atMost(TIMEOUT).until(() -> stored().isEmpty());
        // A list that was read before the end has the request as open.
        before.forEach(requests::add);
        await().atMost(TIMEOUT).until(requests::isIdle);
        assertThat(done).hasSize(1);
    }

    @Test
    void aRequestWhoseRelayStopsStaysForTheNextOwner() {
        submit("0", WorkOrder.sync("a", false));
        queue.end();
        addAll();
        await().atMost(TIMEOUT).until(requests::isIdle);
        assertThat(stored()).singleElement().satisfies(each -> assertThat(each.site())
                .isEqualTo("a"));
    }

    @Test
    void workOnAFileIsTriedOnTwoRelaysAtMost() {
        submit("0", new WorkOrder("a", RequestedWork.IMPORT, "rum.txt", null, false));
        for (int relay = 1; relay <= AwaitedRequests.MAX_ATTEMPTS; relay++) {
            StoredRequest only = stored().get(0);
            database.write("a", tx -> RequestTable.take(tx, only, "dead"));
        }
        addAll();
        await().atMost(TIMEOUT).until(() -> stored().isEmpty());
        assertThat(outcomes())
                .containsExactly(new RequestOutcome.Failed(
                        "2 relays ended while they worked on this request; it is not tried again"));
        assertThat(done).isEmpty();
    }

    @Test
    void whatARequesterLeftIsDeletedLater() {
        submit("0", WorkOrder.sync("finished", false));
        submit("1", WorkOrder.sync("untaken", false));
        submit("2", WorkOrder.sync("running", false));
        List<StoredRequest> all = stored();
        database.write("a", tx -> RequestTable.take(tx, all.get(0), "node-1"));
        database.write("a", tx -> RequestTable.take(tx, all.get(2), "node-1"));
        database.write("a", tx -> RequestTable.finish(tx, all.get(0), new RequestOutcome.Refused("x"), NOW));
        SyncRequest command = new SyncRequest("command", SyncRequest.Cause.COMMAND, "jane", null, false);
        database.submit(tx -> RequestTable.add(tx, "commands/0", "7", command, NOW));

        assertThat(database.<Integer>write("a", tx -> RequestTable.deleteAbandoned(tx, NOW)))
                .isZero();
        assertThat(database.<Integer>write("a", tx -> RequestTable.deleteAbandoned(tx, NOW.plusMillis(1))))
                .isEqualTo(2);
        assertThat(stored()).extracting(StoredRequest::site).containsExactly("running", "command");
    }

    private void submit(String id, WorkOrder order) {
        database.submit(tx -> {
            RequestTable.add(tx, "operator/1", id, order, "node-9", NOW);
            return 1;
        });
    }

    private void addAll() {
        stored().forEach(requests::add);
    }

    private List<StoredRequest> stored() {
        return database.read(RequestTable::open);
    }

    private List<RequestOutcome> outcomes() {
        return database.read(tx -> tx.createQuery("SELECT outcome FROM run_request ORDER BY seq")
                .mapTo(String.class)
                .map(RequestOutcome::of)
                .list());
    }

    private List<SyncResult> sync(SyncRequest request) {
        done.add("sync " + request.site() + " by " + request.cause().wireName() + ", accept " + request.accept()
                + ", from " + request.requestedBy());
        try {
            mayEnd.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        return List.of(new SyncResult(
                request.site(), "ACME", "complete", 0, 0, 0, 0, 0, new SyncResult.Difference(0, 0, 0), List.of(), 0));
    }

    private RequestOutcome work(StoredRequest request) throws IOException {
        String argument = String.valueOf(request.argument());
        done.add(request.work().wireName() + " " + argument);
        if (argument.equals("broken")) {
            throw new IOException("the disk is full");
        }
        return argument.equals("refused")
                ? new RequestOutcome.Refused("it is acknowledged")
                : new RequestOutcome.Answered(Json.object().put("told", argument));
    }
}
