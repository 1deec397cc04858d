package io.licenserelay.sync.schedule;

import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.threads.WorkerThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs sites side by side, as many at once as {@code relay.sites.parallel} says. What an operator asks for goes before what time and
 * commands ask for; otherwise the order is the one in which the requests came, so that every site has its turn, whoever sends commands. What
 * somebody asked for waits without a place while the same site runs. A run that lasts long keeps its worker, but
 * after {@link #LONG} the next site need not wait for it any more: sites that answer slowly never hold up all others. Thread-safe.
 */
public final class RunQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunQueue.class);

    /** So long a run holds its place among those at once. */
    static final Duration LONG = Duration.ofMinutes(5);

    /** Long runs and others together are at most so many times as many as may run at once. */
    static final int TIMES = 4;

    private final int parallel;
    private final Duration holds;
    private final Function<SyncRequest, List<SyncResult>> runs;
    private final ExecutorService workers;
    private final Deque<Waiting> byOperators = new ArrayDeque<>();
    private final Deque<Waiting> others = new ArrayDeque<>();

    /** What runs, and since when by the monotonic clock. */
    private final Map<Waiting, Long> running = new HashMap<>();

    private boolean ended;

    /**
     * @param parallel runs at once
     * @param runs makes one run and waits for its end; its exceptions are the caller's who asked
     */
    public RunQueue(int parallel, Function<SyncRequest, List<SyncResult>> runs) {
        this(parallel, LONG, runs);
    }

    RunQueue(int parallel, Duration holds, Function<SyncRequest, List<SyncResult>> runs) {
        this.parallel = parallel;
        this.holds = holds;
        this.runs = runs;
        this.workers = WorkerThreads.limited("run", parallel * TIMES);
    }

    private record Waiting(SyncRequest request, CompletableFuture<List<SyncResult>> results) {
        boolean isScheduled(String site) {
            return !request.isOnDemand() && request.site().equals(site);
        }
    }

    /** Time wants the site synced. A site waits once: one that waits already is not added again. */
    public void add(SyncRequest request) {
        synchronized (this) {
            if (ended || others.stream().anyMatch(each -> each.isScheduled(request.site()))) {
                LOG.debug("{} waits for its run already", request.site());
                return;
            }
            others.add(new Waiting(request, new CompletableFuture<>()));
        }
        begin();
    }

    /** Somebody wants the site synced. The results are cancelled when the relay ends before the run began. */
    public CompletableFuture<List<SyncResult>> submit(SyncRequest request) {
        Waiting waiting = new Waiting(request, new CompletableFuture<>());
        synchronized (this) {
            if (ended) {
                waiting.results.cancel(false);
                return waiting.results;
            }
            (request.byOperator() ? byOperators : others).add(waiting);
        }
        begin();
        return waiting.results;
    }

    /** Begins as many runs as there are places for. */
    private void begin() {
        for (Waiting next = take(); next != null; next = take()) {
            Waiting begun = next;
            workers.execute(() -> run(begun));
        }
    }

    private synchronized @Nullable Waiting take() {
        if (ended || !hasPlace()) {
            return null;
        }
        Waiting next = takeReady(byOperators);
        if (next == null) {
            next = takeReady(others);
        }
        if (next != null) {
            running.put(next, System.nanoTime());
        }
        return next;
    }

    private @Nullable Waiting takeReady(Deque<Waiting> waiting) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            if (!next.request.isOnDemand() || !isRunning(next.request.site())) {
                all.remove();
                return next;
            }
        }
        return null;
    }

    private boolean isRunning(String site) {
        return running.keySet().stream().anyMatch(each -> each.request.site().equals(site));
    }

    private boolean hasPlace() {
        long now = System.nanoTime();
        long fresh = running.values().stream()
                .filter(since -> now - since < holds.toNanos())
                .count();
        return fresh < parallel && running.size() < parallel * TIMES;
    }

    private void run(Waiting begun) {
        // By then it holds its place no more, and another may begin.
        Future<?> place = WorkerThreads.timer().schedule(this::begin, holds.toNanos(), TimeUnit.NANOSECONDS);
        try {
            begun.results.complete(runs.apply(begun.request));
        } catch (RuntimeException broken) {
            begun.results.completeExceptionally(broken);
        } finally {
            place.cancel(false);
            synchronized (this) {
                running.remove(begun);
            }
            begin();
        }
    }

    /** Whether nothing runs and nothing waits. */
    public synchronized boolean isIdle() {
        return running.isEmpty() && byOperators.isEmpty() && others.isEmpty();
    }

    public synchronized boolean isEnded() {
        return ended;
    }

    /** Nothing begins from now on. What waits is not run: the next start catches up what time asked for. */
    public void end() {
        List<Waiting> never = new ArrayList<>();
        synchronized (this) {
            ended = true;
            never.addAll(byOperators);
            never.addAll(others);
            byOperators.clear();
            others.clear();
        }
        never.forEach(each -> each.results.cancel(false));
        if (!never.isEmpty()) {
            LOG.info("{} run(s) waited for their turn and are not begun", never.size());
        }
    }

    /** Cuts short what still runs. */
    @Override
    public void close() {
        end();
        workers.shutdownNow();
    }
}
