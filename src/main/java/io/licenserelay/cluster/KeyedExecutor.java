package io.licenserelay.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks on a shared executor: those of one key in order and one at a time, those of different keys in parallel. Thread-safe. */
public final class KeyedExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedExecutor.class);

    private final Executor executor;

    /** By key: the tasks that have not ended, the current one first. */
    private final Map<String, Deque<Runnable>> tasks = new HashMap<>();

    /** The keys whose tasks found no thread. */
    private final Set<String> stalled = new HashSet<>();

    public KeyedExecutor(Executor executor) {
        this.executor = executor;
    }

    /** An exception of a task is logged and ends only that task. */
    public void execute(String key, Runnable task) {
        synchronized (tasks) {
            Deque<Runnable> waiting = tasks.computeIfAbsent(key, none -> new ArrayDeque<>());
            waiting.add(task);
            if (waiting.size() > 1) {
                return;
            }
        }
        submit(key);
    }

    private void submit(String key) {
        try {
            executor.execute(() -> work(key));
        } catch (OutOfMemoryError | RejectedExecutionException noThread) {
            LOG.error("cannot create a thread; the changes of {} wait for the next heartbeat", key, noThread);
            synchronized (tasks) {
                stalled.add(key);
            }
        }
    }

    /** Submits again what found no thread. */
    void resume() {
        List<String> keys;
        synchronized (tasks) {
            keys = List.copyOf(stalled);
            stalled.clear();
        }
        keys.forEach(this::submit);
    }

    private void work(String key) {
        for (Runnable task = current(key); task != null; task = next(key)) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                // Also if no thread can be started: without the next task the key would never move again.
                LOG.error("a change of the ownership of {} was not handled", key, e);
            }
        }
    }

    private @Nullable Runnable current(String key) {
        synchronized (tasks) {
            return tasks.getOrDefault(key, new ArrayDeque<>()).peek();
        }
    }

    private @Nullable Runnable next(String key) {
        synchronized (tasks) {
            Deque<Runnable> waiting = tasks.getOrDefault(key, new ArrayDeque<>());
            waiting.poll();
            Runnable next = waiting.peek();
            if (next == null) {
                tasks.remove(key);
            }
            return next;
        }
    }

    /** Whether all tasks of the key have ended. */
    public boolean isIdle(String key) {
        synchronized (tasks) {
            return !tasks.containsKey(key);
        }
    }

    /** Whether all tasks have ended. */
    public boolean isIdle() {
        synchronized (tasks) {
            return tasks.isEmpty();
        }
    }
}
