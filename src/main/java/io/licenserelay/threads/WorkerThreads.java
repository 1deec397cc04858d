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
 * The worker threads of this process. A worker that was idle for some seconds ends. Nobody uses the workers without a bound: each use has
 * an executor of its own that limits how many of them it occupies. Thread-safe.
 */
public final class WorkerThreads {
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** A synchronous queue prefers the worker that became idle last, so that the others end. */
    private static final ThreadPoolExecutor WORKERS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE.toSeconds(), TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("worker"));

    private static final SharedTimer TIMER = new SharedTimer();

    private WorkerThreads() {}

    /**
     * An executor that occupies at most that many workers at once; more tasks wait in the order in which they came. It costs no thread
     * while it has no task. Ending it leaves the workers of others alone.
     *
     * @param name of the work, which its workers bear in a thread dump
     */
    public static ExecutorService limited(String name, int most) {
        return new LimitedExecutor(name, most, WORKERS);
    }

    /**
     * The same, for tasks that nobody waits for after some time: one that still runs then is interrupted, and one that did not begin by
     * then is left out.
     *
     * @param within from the moment when a task is handed over
     * @param threads that it shares with others
     */
    public static ExecutorService limited(String name, int most, Duration within, ExecutorService threads) {
        return new TimedExecutor(name, most, within, threads);
    }

    /** Runs tasks after a delay, each on a worker of its own, so that a task that hangs delays no other. It cannot be shut down. */
    public static ScheduledExecutorService timer() {
        return TIMER;
    }

    /** After that time, hands the task to the executor. The executor's {@code execute} must not wait. */
    static Future<?> after(Duration delay, Executor executor, Runnable task) {
        return TIMER.hand(delay, executor, task);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** One thread waits for the time of all tasks. */
    private static final class SharedTimer extends ScheduledThreadPoolExecutor {
        SharedTimer() {
            super(1, daemons("timer"));
            setRemoveOnCancelPolicy(true);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(() -> WORKERS.execute(task), delay, unit);
        }

        Future<?> hand(Duration delay, Executor executor, Runnable task) {
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
