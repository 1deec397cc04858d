package io.licenserelay.threads;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The worker threads of this process. A worker ends after some idle seconds. Each user of the workers has its own executor that limits
 * the number of workers it occupies. Thread-safe.
 */
public final class WorkerThreads {
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** A synchronous queue prefers the worker that became idle last, so that the others end. */
    private static final ThreadPoolExecutor WORKERS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            daemonThreads("worker"));

    private static final SharedTimer TIMER = new SharedTimer();

    private WorkerThreads() {}

    /**
     * Returns an executor that occupies at most {@code maxWorkers} workers. Further tasks wait in order of arrival. Without tasks it uses no
     * thread. Its shutdown does not affect the workers of other executors.
     *
     * @param name of the work, shown in the names of its workers in a thread dump
     */
    public static ExecutorService limited(String name, int maxWorkers) {
        return new LimitedExecutor(name, maxWorkers, WORKERS);
    }

    /**
     * Returns a limited executor with a time limit per task: a task that still runs then is interrupted, and a task that has not started
     * by then is dropped.
     *
     * @param timeLimit the time limit, from the submission of a task
     * @param threads the shared threads
     */
    public static ExecutorService limited(String name, int maxWorkers, Duration timeLimit, ExecutorService threads) {
        return new TimedExecutor(name, maxWorkers, timeLimit, threads);
    }

    /** Runs tasks after a delay, each on its own worker, so that a hanging task delays no other. It cannot be shut down. */
    public static ScheduledExecutorService timer() {
        return TIMER;
    }

    /** Submits the task to the executor after the delay. The executor's {@code execute} must not block. */
    static Future<?> after(Duration delay, Executor executor, Runnable task) {
        return TIMER.submitAfter(delay, executor, task);
    }

    private static ThreadFactory daemonThreads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** One thread waits for the times of all tasks. */
    private static final class SharedTimer extends ScheduledThreadPoolExecutor {
        SharedTimer() {
            super(1, daemonThreads("timer"));
            setRemoveOnCancelPolicy(true);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(() -> WORKERS.execute(task), delay, unit);
        }

        Future<?> submitAfter(Duration delay, Executor executor, Runnable task) {
            return super.schedule(() -> executor.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void shutdown() {
            throw new UnsupportedOperationException("all sites share this timer");
        }

        @Override
        public List<Runnable> shutdownNow() {
            throw new UnsupportedOperationException("all sites share this timer");
        }
    }
}
