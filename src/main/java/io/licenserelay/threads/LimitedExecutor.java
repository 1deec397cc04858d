package io.licenserelay.threads;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An executor that uses a limited number of shared threads. Thread-safe. */
class LimitedExecutor extends AbstractExecutorService {
    private final String name;
    private final int maxThreads;
    private final Executor threads;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Set<Thread> working = new HashSet<>();
    private int occupied;
    private boolean ended;

    LimitedExecutor(String name, int maxThreads, Executor threads) {
        this.name = name;
        this.maxThreads = maxThreads;
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (ended) {
                throw new RejectedExecutionException(name + " has ended");
            }
            if (occupied >= maxThreads) {
                waiting.add(task);
                return;
            }
            occupied++;
        }
        startWorker(task);
    }

    private void startWorker(Runnable first) {
        boolean accepted = false;
        try {
            threads.execute(() -> work(first));
            accepted = true;
        } finally {
            // No thread could be created: the exception goes to the caller, and the slot is free again.
            if (!accepted) {
                release();
            }
        }
    }

    private void work(Runnable first) {
        Thread worker = Thread.currentThread();
        String previousName = worker.getName();
        worker.setName(previousName + " " + name);
        register(worker);
        for (Runnable task = first; task != null; task = next(worker)) {
            run(task, worker);
        }
        worker.setName(previousName);
    }

    /** An exception ends only its own task. */
    private static void run(Runnable task, Thread worker) {
        try {
            task.run();
        } catch (RuntimeException | Error thrown) {
            worker.getUncaughtExceptionHandler().uncaughtException(worker, thrown);
        }
    }

    private synchronized void register(Thread worker) {
        working.add(worker);
        if (ended) {
            worker.interrupt();
        }
    }

    /** The longest waiting task, or null, which frees the slot. Clears an interrupt, because it was for the previous task. */
    private synchronized @Nullable Runnable next(Thread worker) {
        Thread.interrupted();
        Runnable next = waiting.poll();
        if (next == null) {
            working.remove(worker);
            release();
        }
        return next;
    }

    private synchronized void release() {
        occupied--;
        notifyAll();
    }

    @Override
    public synchronized void shutdown() {
        ended = true;
        notifyAll();
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        ended = true;
        List<Runnable> notStarted = new ArrayList<>(waiting);
        waiting.clear();
        working.forEach(Thread::interrupt);
        notifyAll();
        return notStarted;
    }

    @Override
    public synchronized boolean isShutdown() {
        return ended;
    }

    @Override
    public synchronized boolean isTerminated() {
        return ended && occupied == 0 && waiting.isEmpty();
    }

    @Override
    public synchronized boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(time);
        while (!isTerminated()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
