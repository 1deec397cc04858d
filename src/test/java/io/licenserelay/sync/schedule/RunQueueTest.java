package io.licenserelay.sync.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncRequest.Cause;
import io.licenserelay.sync.run.SyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunQueueTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration NEVER = Duration.ofDays(1);

    private final List<String> started = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, CountDownLatch> latches = new ConcurrentHashMap<>();

    @Test
    void everyScheduledRunStartsAndNeverMoreThanTheLimitAtOnce() {
        try (RunQueue queue = new RunQueue(2, NEVER, this::run)) {
            List.of("a", "b", "c", "d").forEach(site -> queue.add(scheduled(site)));
            await().atMost(TIMEOUT).until(() -> started.size() == 2);
            assertThat(started).containsExactlyInAnyOrder("a", "b");
            end("b");
            await().atMost(TIMEOUT).until(() -> started.size() == 3);
            assertThat(started).last().isEqualTo("c");
            List.of("a", "c", "d").forEach(this::end);
            await().atMost(TIMEOUT).until(() -> started.size() == 4);
        }
    }

    @Test
    void requestedRunsStartBeforeScheduledRuns() throws Exception {
        try (RunQueue queue = new RunQueue(1, NEVER, this::run)) {
            List.of("a", "b", "c").forEach(site -> queue.add(scheduled(site)));
            CompletableFuture<List<SyncResult>> requested = queue.submit(SyncRequest.of("x", Cause.OPERATOR));
            List.of("a", "x", "b", "c").forEach(this::end);
            requested.get(3, TimeUnit.MINUTES);
            await().atMost(TIMEOUT).until(() -> started.size() == 4);
            assertThat(started).containsExactly("a", "x", "b", "c");
        }
    }

    @Test
    void runsOfAHeldSiteWaitUntilItsCurrentRunHasEndedAndItIsReleased() {
        try (RunQueue queue = new RunQueue(2, NEVER, this::run)) {
            queue.add(scheduled("a"));
            await().atMost(TIMEOUT).until(() -> started.equals(List.of("a")));
            CompletableFuture<Void> idle = queue.hold("a");
            assertThat(queue.hold("b")).as("no run of b is active").isDone();
            queue.submit(SyncRequest.of("a", Cause.OPERATOR));
            queue.add(scheduled("b"));
            queue.add(scheduled("c"));
            await().atMost(TIMEOUT).until(() -> started.equals(List.of("a", "c")));
            assertThat(idle).isNotDone();
            end("a");
            await().atMost(TIMEOUT).until(idle::isDone);
            end("c");
            queue.release("b");
            await().atMost(TIMEOUT).until(() -> started.equals(List.of("a", "c", "b")));
            queue.release("a");
            await().atMost(TIMEOUT).until(() -> started.equals(List.of("a", "c", "b", "a")));
            end("b");
        }
    }

    @Test
    void theEndOfTheQueueEndsTheWaitForAHeldSite() {
        try (RunQueue queue = new RunQueue(1, NEVER, this::run)) {
            queue.add(scheduled("a"));
            await().atMost(TIMEOUT).until(() -> started.equals(List.of("a")));
            CompletableFuture<Void> idle = queue.hold("a");
            queue.end();
            assertThat(idle).isDone();
            assertThat(queue.hold("b")).isDone();
            end("a");
        }
    }

    @Test
    void aSiteIsQueuedOnlyOnceForItsScheduledRun() {
        try (RunQueue queue = new RunQueue(1, NEVER, this::run)) {
            queue.add(scheduled("a"));
            await().atMost(TIMEOUT).until(() -> started.size() == 1);
            List.of("b", "b", "c", "b").forEach(site -> queue.add(scheduled(site)));
            List.of("a", "b", "c").forEach(this::end);
            await().atMost(TIMEOUT).until(() -> started.contains("c"));
            assertThat(started).containsExactly("a", "b", "c");
        }
    }

    @Test
    void unresponsiveSitesAreLimitedAndDoNotBlockOthers() {
        try (RunQueue queue = new RunQueue(2, Duration.ofMillis(50), this::run)) {
            for (int i = 0; i < 2 * RunQueue.MAX_ACTIVE_FACTOR + 3; i++) {
                queue.add(scheduled("hostile-" + i));
            }
            await().atMost(TIMEOUT).until(() -> started.size() == 2 * RunQueue.MAX_ACTIVE_FACTOR);
            queue.add(scheduled("good"));
            end("hostile-0");
            end("hostile-1");
            end("hostile-2");
            end("hostile-3");
            end("good");
            await().atMost(TIMEOUT).until(() -> started.contains("good"));
            assertThat(started).hasSize(2 * RunQueue.MAX_ACTIVE_FACTOR + 4);
        }
    }

    @Test
    void aFailedRunFreesItsSlotAndItsCallerGetsTheException() throws Exception {
        try (RunQueue queue = new RunQueue(1, NEVER, request -> {
            if (request.site().equals("broken")) {
                throw new IllegalStateException("broken");
            }
            return run(request);
        })) {
            CompletableFuture<List<SyncResult>> broken = queue.submit(SyncRequest.of("broken", Cause.OPERATOR));
            assertThatThrownBy(() -> broken.get(3, TimeUnit.MINUTES)).hasMessageContaining("broken");
            end("a");
            assertThat(queue.submit(SyncRequest.of("a", Cause.OPERATOR)).get(3, TimeUnit.MINUTES))
                    .isEmpty();
        }
    }

    @Test
    void aCommandIsQueuedBehindScheduledRuns() {
        try (RunQueue queue = new RunQueue(1, NEVER, this::run)) {
            queue.add(scheduled("a"));
            await().atMost(TIMEOUT).until(() -> started.size() == 1);
            queue.add(scheduled("b"));
            queue.submit(SyncRequest.of("c", Cause.COMMAND));
            List.of("a", "b", "c").forEach(this::end);
            await().atMost(TIMEOUT).until(() -> started.size() == 3);
            assertThat(started).containsExactly("a", "b", "c");
        }
    }

    @Test
    void aRequestForARunningSiteWaitsWithoutASlot() {
        try (RunQueue queue = new RunQueue(2, NEVER, this::run)) {
            queue.add(scheduled("a"));
            await().atMost(TIMEOUT).until(() -> started.size() == 1);
            queue.submit(SyncRequest.of("a", Cause.OPERATOR));
            queue.submit(SyncRequest.of("a", Cause.COMMAND));
            queue.add(scheduled("b"));
            await().atMost(TIMEOUT).until(() -> started.contains("b"));
            assertThat(started).containsExactly("a", "b");
            end("a");
            await().atMost(TIMEOUT).until(() -> started.size() == 4);
            end("b");
        }
    }

    @Test
    void waitingRunsDoNotStartAfterTheQueueEnds() {
        RunQueue queue = new RunQueue(1, NEVER, this::run);
        queue.add(scheduled("a"));
        await().atMost(TIMEOUT).until(() -> started.size() == 1);
        CompletableFuture<List<SyncResult>> requested = queue.submit(SyncRequest.of("b", Cause.OPERATOR));
        queue.end();
        assertThat(requested).isCancelled();
        assertThat(queue.submit(SyncRequest.of("c", Cause.OPERATOR))).isCancelled();
        queue.add(scheduled("d"));
        end("a");
        queue.close();
        assertThat(started).containsExactly("a");
    }

    private static SyncRequest scheduled(String site) {
        return SyncRequest.of(site, Cause.SCHEDULE);
    }

    private List<SyncResult> run(SyncRequest request) {
        started.add(request.site());
        try {
            latch(request.site()).await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private void end(String site) {
        latch(site).countDown();
    }

    private CountDownLatch latch(String site) {
        return latches.computeIfAbsent(site, any -> new CountDownLatch(1));
    }
}
