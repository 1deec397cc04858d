package io.licenserelay.threads;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/** A {@link LimitedExecutor} whose tasks have a time limit, and the log fields of the thread that submits them. Thread-safe. */
final class TimedExecutor extends LimitedExecutor {
    private final Duration timeLimit;

    TimedExecutor(String name, int maxThreads, Duration timeLimit, Executor threads) {
        super(name, maxThreads, threads);
        this.timeLimit = timeLimit;
    }

    @Override
    public void execute(Runnable task) {
        long end = System.nanoTime() + timeLimit.toNanos();
        Runnable carrying = CarriedContext.current().around(task);
        super.execute(() -> run(carrying, end));
    }

    private static void run(Runnable task, long end) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (left.isNegative()) {
            return;
        }
        Interruption interruption = new Interruption(Thread.currentThread());
        Future<?> timer = WorkerThreads.after(left, Runnable::run, interruption::fire);
        try {
            task.run();
        } finally {
            interruption.end();
            timer.cancel(false);
        }
    }

    /** Interrupts the thread, but only while it runs the task. */
    private static final class Interruption {
        private final Thread worker;
        private boolean ended;

        Interruption(Thread worker) {
            this.worker = worker;
        }

        synchronized void fire() {
            if (!ended) {
                worker.interrupt();
            }
        }

        synchronized void end() {
            ended = true;
        }
    }
}
