package io.licenserelay.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerThreadsTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration TIME_LIMIT = Duration.ofMillis(300);

    @Test
    void tasksRunInOrderAndNeverMoreThanTheLimitAtOnce() throws Exception {
        ExecutorService pool = WorkerThreads.limited("bounded", 3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger maxRunning = new AtomicInteger();
        List<Integer> started = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch full = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            all.add(pool.submit(() -> {
                started.add(number);
                maxRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                full.countDown();
                go.await();
                return running.decrementAndGet();
            }));
        }
        assertThat(full.await(3, TimeUnit.MINUTES)).isTrue();
        assertThat(started).hasSize(3);
        go.countDown();
        for (Future<?> each : all) {
            each.get(3, TimeUnit.MINUTES);
        }
        assertThat(maxRunning).hasValue(3);
        assertThat(started)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 50).boxed().toList());
        assertThat(started.indexOf(49)).isGreaterThan(45);
    }

    @Test
    void idleExecutorsKeepNoThreads() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            WorkerThreads.limited("site-" + i, 32).submit(() -> "done").get(3, TimeUnit.MINUTES);
        }
        await().atMost(TIMEOUT).until(() -> workers("site-") == 0);
        // Other code in this process may use worker threads.
        await().atMost(TIMEOUT).until(() -> workers("worker-") < 10);
    }

    @Test
    void anOverdueTaskIsInterruptedAndAnExpiredWaitingTaskIsSkipped() throws Exception {
        ExecutorService shared = WorkerThreads.limited("shared", 1);
        ExecutorService timed = WorkerThreads.limited("timed", 8, TIME_LIMIT, shared);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        timed.execute(() -> {
            try {
                release.await();
            } catch (InterruptedException expired) {
                interrupted.countDown();
                await().until(() -> release.getCount() == 0);
            }
        });
        timed.execute(started::incrementAndGet);
        long handedOver = System.nanoTime();
        assertThat(interrupted.await(3, TimeUnit.MINUTES)).isTrue();
        await().until(() -> System.nanoTime() - handedOver > TIME_LIMIT.toNanos());
        release.countDown();

        // The same thread runs the next tasks in order, and its interrupt flag is cleared.
        assertThat(timed.submit(() -> Thread.currentThread().isInterrupted()).get(3, TimeUnit.MINUTES))
                .isFalse();
        assertThat(started).hasValue(0);
    }

    @Test
    void theShutdownOfOneExecutorDoesNotAffectOthers() throws Exception {
        ExecutorService mine = WorkerThreads.limited("mine", 1);
        ExecutorService others = WorkerThreads.limited("others", 1);
        CountDownLatch go = new CountDownLatch(1);
        Future<String> work = others.submit(() -> {
            go.await();
            return "done";
        });
        CountDownLatch started = new CountDownLatch(1);
        Future<?> hanging = mine.submit(() -> {
            started.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        Future<String> waiting = mine.submit(() -> "never started");
        assertThat(started.await(3, TimeUnit.MINUTES)).isTrue();

        assertThat(mine.shutdownNow()).hasSize(1);
        assertThatThrownBy(() -> hanging.get(3, TimeUnit.MINUTES)).hasCauseInstanceOf(InterruptedException.class);
        assertThat(mine.awaitTermination(3, TimeUnit.MINUTES)).isTrue();
        assertThat(waiting.isDone()).isFalse();
        assertThatThrownBy(() -> mine.submit(() -> "late")).isInstanceOf(RejectedExecutionException.class);
        go.countDown();
        assertThat(work.get(3, TimeUnit.MINUTES)).isEqualTo("done");
    }

    @Test
    void aFailedOrInterruptedTaskDoesNotAffectLaterTasks() throws Exception {
        ExecutorService pool = WorkerThreads.limited("one", 1);
        pool.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
            throw new IllegalStateException("broken");
        });
        pool.execute(() -> Thread.currentThread().interrupt());
        assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get(3, TimeUnit.MINUTES))
                .isFalse();
    }

    @Test
    void aHangingTimerTaskDoesNotDelayOtherTimerTasks() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch secondRan = new CountDownLatch(1);
        WorkerThreads.timer()
                .schedule(
                        () -> {
                            try {
                                end.await();
                            } catch (InterruptedException interrupted) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        0,
                        TimeUnit.MILLISECONDS);
        WorkerThreads.timer().schedule(secondRan::countDown, 1, TimeUnit.MILLISECONDS);
        assertThat(secondRan.await(3, TimeUnit.MINUTES)).isTrue();
        end.countDown();
        assertThatThrownBy(() -> WorkerThreads.timer().shutdownNow()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static long workers(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(name))
                .count();
    }
}
