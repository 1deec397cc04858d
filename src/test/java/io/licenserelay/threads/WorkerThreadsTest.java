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
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration TIME = Duration.ofMillis(300);

    @Test
    void noMoreTasksRunAtOnceThanTheBoundAndAllRunInTheirOrder() throws Exception {
        ExecutorService pool = WorkerThreads.limited("bounded", 3);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch full = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            all.add(pool.submit(() -> {
                begun.add(number);
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                full.countDown();
                go.await();
                return now.decrementAndGet();
            }));
        }
        assertThat(full.await(3, TimeUnit.MINUTES)).isTrue();
        assertThat(begun).hasSize(3);
        go.countDown();
        for (Future<?> each : all) {
            each.get(3, TimeUnit.MINUTES);
        }
        assertThat(most).hasValue(3);
        assertThat(begun)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 50).boxed().toList());
        assertThat(begun.indexOf(49)).isGreaterThan(45);
    }

    @Test
    void aThousandExecutorsCostNoThreadOnceTheirWorkIsDone() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            WorkerThreads.limited("site-" + i, 32).submit(() -> "done").get(3, TimeUnit.MINUTES);
        }
        await().atMost(PATIENCE).until(() -> workers("site-") == 0);
        // Others in this process may use some.
        await().atMost(PATIENCE).until(() -> workers("worker-") < 10);
    }

    @Test
    void aTaskThatRunsPastItsTimeIsInterruptedAndOneThatDidNotBeginIsLeftOut() throws Exception {
        ExecutorService shared = WorkerThreads.limited("shared", 1);
        ExecutorService timed = WorkerThreads.limited("timed", 8, TIME, shared);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        timed.execute(() -> {
            try {
                release.await();
            } catch (InterruptedException expired) {
                interrupted.countDown();
                await().until(() -> release.getCount() == 0);
            }
        });
        timed.execute(begun::incrementAndGet);
        long handedOver = System.nanoTime();
        assertThat(interrupted.await(3, TimeUnit.MINUTES)).isTrue();
        await().until(() -> System.nanoTime() - handedOver > TIME.toNanos());
        release.countDown();

        // The same thread takes the next tasks in their order, and it is not interrupted any more.
        assertThat(timed.submit(() -> Thread.currentThread().isInterrupted()).get(3, TimeUnit.MINUTES))
                .isFalse();
        assertThat(begun).hasValue(0);
    }

    @Test
    void endingOneLeavesTheWorkOfOthersAlone() throws Exception {
        ExecutorService mine = WorkerThreads.limited("mine", 1);
        ExecutorService others = WorkerThreads.limited("others", 1);
        CountDownLatch go = new CountDownLatch(1);
        Future<String> work = others.submit(() -> {
            go.await();
            return "done";
        });
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> hanging = mine.submit(() -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        Future<String> waiting = mine.submit(() -> "never begun");
        assertThat(begun.await(3, TimeUnit.MINUTES)).isTrue();

        assertThat(mine.shutdownNow()).hasSize(1);
        assertThatThrownBy(() -> hanging.get(3, TimeUnit.MINUTES)).hasCauseInstanceOf(InterruptedException.class);
        assertThat(mine.awaitTermination(3, TimeUnit.MINUTES)).isTrue();
        assertThat(waiting.isDone()).isFalse();
        assertThatThrownBy(() -> mine.submit(() -> "late")).isInstanceOf(RejectedExecutionException.class);
        go.countDown();
        assertThat(work.get(3, TimeUnit.MINUTES)).isEqualTo("done");
    }

    @Test
    void aTaskThatBreaksOrWasInterruptedHarmsNoneAfterIt() throws Exception {
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
    void aTimedTaskThatHangsDelaysNoOther() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch on = new CountDownLatch(1);
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
        WorkerThreads.timer().schedule(on::countDown, 1, TimeUnit.MILLISECONDS);
        assertThat(on.await(3, TimeUnit.MINUTES)).isTrue();
        end.countDown();
        assertThatThrownBy(() -> WorkerThreads.timer().shutdownNow()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static long workers(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(name))
                .count();
    }
}
