package io.licenserelay.sync.schedule;

import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Plural;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs sites in parallel, at most {@code relay.sites.parallel} at a time. Requests of operators come first; all others
 * run in the order of their arrival, so that commands cannot block other sites. A requested run waits without using a
 * slot while another run of the same site is active. A long run keeps its worker, but it releases its slot after
 * {@link #SLOT_TIME}, so that slow sites do not block all others. Thread-safe.
 */
public final class RunQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunQueue.class);

    /** How long a run holds its slot. */
    static final Duration SLOT_TIME = Duration.ofMinutes(5);

    /** The maximum number of active runs, as a multiple of the number of slots. */
    static final int MAX_ACTIVE_FACTOR = 4;

    private final int parallel;
    private final Duration slotTime;
    private final Function<SyncRequest, List<SyncResult>> runs;
    private final ExecutorService workers;
    private final Deque<Waiting> operatorRequests = new ArrayDeque<>();
    private final Deque<Waiting> otherRequests = new ArrayDeque<>();

    /** The active runs with their start by the monotonic clock. */
    private final Map<Waiting, Long> active = new HashMap<>();

    /** By site whose runs are held back, what is completed when no run of it is active. */
    private final Map<String, CompletableFuture<Void>> held = new HashMap<>();

    private boolean ended;

    /**
     * @param parallel the number of slots
     * @param runs executes one run to its end; its exceptions complete the future of {@link #submit}
     */
    public RunQueue(int parallel, Function<SyncRequest, List<SyncResult>> runs) {
        this(parallel, SLOT_TIME, runs);
    }

    RunQueue(int parallel, Duration slotTime, Function<SyncRequest, List<SyncResult>> runs) {
        this.parallel = parallel;
        this.slotTime = slotTime;
        this.runs = runs;
        this.workers = WorkerThreads.limited("run", parallel * MAX_ACTIVE_FACTOR);
    }

    private record Waiting(SyncRequest request, CompletableFuture<List<SyncResult>> results) {
        boolean isScheduled(String site) {
            return !request.isOnDemand() && request.site().equals(site);
        }
    }

    /** Adds a scheduled run. A site that already waits is not added again. */
    public void add(SyncRequest request) {
        synchronized (this) {
            if (ended || otherRequests.stream().anyMatch(each -> each.isScheduled(request.site()))) {
                LOG.debug("{} already waits for its run", request.site());
                return;
            }
            otherRequests.add(new Waiting(request, new CompletableFuture<>()));
        }
        begin();
    }

    /** Adds a requested run. The future is cancelled if the relay ends before the run begins. */
    public CompletableFuture<List<SyncResult>> submit(SyncRequest request) {
        Waiting waiting = new Waiting(request, new CompletableFuture<>());
        synchronized (this) {
            if (ended) {
                waiting.results.cancel(false);
                return waiting.results;
            }
            (request.byOperator() ? operatorRequests : otherRequests).add(waiting);
        }
        begin();
        return waiting.results;
    }

    /** Starts runs while slots are free. */
    private void begin() {
        for (Waiting next = poll(); next != null; next = poll()) {
            Waiting started = next;
            workers.execute(() -> run(started));
        }
    }

    private synchronized @Nullable Waiting poll() {
        if (ended || !hasSlot()) {
            return null;
        }
        Waiting next = pollReady(operatorRequests);
        if (next == null) {
            next = pollReady(otherRequests);
        }
        if (next != null) {
            active.put(next, System.nanoTime());
        }
        return next;
    }

    private @Nullable Waiting pollReady(Deque<Waiting> waiting) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting next = all.next();
            String site = next.request.site();
            if (!held.containsKey(site) && (!next.request.isOnDemand() || !isActive(site))) {
                all.remove();
                return next;
            }
        }
        return null;
    }

    private boolean isActive(String site) {
        return active.keySet().stream().anyMatch(each -> each.request.site().equals(site));
    }

    private boolean hasSlot() {
        long now = System.nanoTime();
        long holdingSlots = active.values().stream()
                .filter(since -> now - since < slotTime.toNanos())
                .count();
        return holdingSlots < parallel && active.size() < parallel * MAX_ACTIVE_FACTOR;
    }

    private void run(Waiting started) {
        // The run then releases its slot, and another run may begin.
        Future<?> slotRelease = WorkerThreads.timer().schedule(this::begin, slotTime.toNanos(), TimeUnit.NANOSECONDS);
        try {
            started.results.complete(runs.apply(started.request));
        } catch (RuntimeException failure) {
            started.results.completeExceptionally(failure);
        } finally {
            slotRelease.cancel(false);
            finished(started);
            begin();
        }
    }

    private void finished(Waiting run) {
        String site = run.request.site();
        CompletableFuture<Void> waiting;
        synchronized (this) {
            active.remove(run);
            waiting = isActive(site) ? null : held.get(site);
        }
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    /**
     * Holds back the runs of a site until {@link #release}. They stay in the queue, and active runs go on. A site is held back once at a
     * time.
     *
     * @return is completed when no run of the site is active, or when the queue ends
     */
    public CompletableFuture<Void> hold(String site) {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        boolean completed;
        synchronized (this) {
            held.put(site, idle);
            completed = ended || !isActive(site);
        }
        if (completed) {
            idle.complete(null);
        }
        return idle;
    }

    /** Lets the runs of the site begin again. */
    public void release(String site) {
        synchronized (this) {
            held.remove(site);
        }
        begin();
    }

    /** Whether no run of the site is active or waiting. */
    public synchronized boolean isIdle(String site) {
        return !isActive(site)
                && Stream.concat(operatorRequests.stream(), otherRequests.stream())
                        .noneMatch(each -> each.request.site().equals(site));
    }

    /** Cancels the waiting runs of a site that this relay no longer works for. Its owner makes those that are due. */
    public void drop(String site) {
        List<Waiting> dropped = new ArrayList<>();
        synchronized (this) {
            for (Deque<Waiting> waiting : List.of(operatorRequests, otherRequests)) {
                waiting.stream()
                        .filter(each -> each.request.site().equals(site))
                        .forEach(dropped::add);
                waiting.removeAll(dropped);
            }
        }
        dropped.forEach(each -> each.results.cancel(false));
    }

    /** Whether no run is active or waiting. */
    public synchronized boolean isIdle() {
        return active.isEmpty() && operatorRequests.isEmpty() && otherRequests.isEmpty();
    }

    public synchronized boolean isEnded() {
        return ended;
    }

    /**
     * Ends the queue: no further run begins. Waiting runs are cancelled; the next start repeats missed scheduled runs.
     */
    public void end() {
        List<Waiting> cancelled = new ArrayList<>();
        List<CompletableFuture<Void>> waiting;
        synchronized (this) {
            ended = true;
            waiting = List.copyOf(held.values());
            cancelled.addAll(operatorRequests);
            cancelled.addAll(otherRequests);
            operatorRequests.clear();
            otherRequests.clear();
        }
        waiting.forEach(each -> each.complete(null));
        cancelled.forEach(each -> each.results.cancel(false));
        if (!cancelled.isEmpty()) {
            LOG.info("cancelled {}", Plural.of(cancelled.size(), "waiting run"));
        }
    }

    /** Interrupts active runs. */
    @Override
    public void close() {
        end();
        workers.shutdownNow();
    }
}
