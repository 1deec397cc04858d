package io.licenserelay.sync;

import io.licenserelay.store.Database;
import io.licenserelay.sync.request.RequestOutcome;
import io.licenserelay.sync.request.RequestTable;
import io.licenserelay.sync.request.RequestedWork;
import io.licenserelay.sync.request.StoredRequest;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.schedule.RunQueue;
import io.licenserelay.text.Json;
import io.licenserelay.threads.WorkerThreads;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the requests of operators for owned sites and writes the outcomes, which their requesters wait for. Syncs go to the
 * run queue, in which operators come first. A request whose outcome could not be written stays stored, and is added again by this
 * relay or by the next owner of the site. Thread-safe.
 */
public final class AwaitedRequests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AwaitedRequests.class);

    /** The content of a file may end the process that reads it, and must not end each relay in turn. */
    static final int MAX_ATTEMPTS = 2;

    /** Requests for reports that are worked on at the same time. */
    private static final int PARALLEL = 2;

    /** Requests that are taken at the same time, which takes one write each. */
    private static final int TAKEN_AT_ONCE = 4;

    private final Database database;
    private final RunQueue queue;
    private final ReportWork reports;
    private final String node;
    private final Clock clock;
    private final ExecutorService takers = WorkerThreads.limited("requests", TAKEN_AT_ONCE);
    private final ExecutorService workers = WorkerThreads.limited("requested reports", PARALLEL);

    /** By number, what this relay works on. */
    private final Map<Long, StoredRequest> current = new HashMap<>();

    private volatile Runnable onOutcome = () -> {};

    /**
     * @param reports does what is not a sync
     * @param node the name of this relay among those that share the database
     */
    public AwaitedRequests(Database database, RunQueue queue, ReportWork reports, String node, Clock clock) {
        this.database = database;
        this.queue = queue;
        this.reports = reports;
        this.node = node;
        this.clock = clock;
    }

    /** What the owner of a site does with usage reports on request. */
    @FunctionalInterface
    public interface ReportWork {
        /**
         * Does the work.
         *
         * @throws IOException if a file cannot be read or written
         */
        RequestOutcome run(StoredRequest request) throws IOException;
    }

    /** Calls this after each outcome. To be set before the first request. */
    public void onOutcome(Runnable call) {
        onOutcome = call;
    }

    /** Executes the request, unless this relay already works on it. */
    void add(StoredRequest request) {
        synchronized (this) {
            if (current.putIfAbsent(request.seq(), request) != null) {
                return;
            }
        }
        takers.execute(() -> orRepeat(request, () -> begin(request)));
    }

    /** Forgets the requests of a site that this relay no longer works for. */
    synchronized void end(String site) {
        current.values().removeIf(each -> each.site().equals(site));
    }

    /** Whether no request of the site is worked on. */
    public synchronized boolean isIdle(String site) {
        return current.values().stream().noneMatch(each -> each.site().equals(site));
    }

    /** Whether no request is worked on. */
    public synchronized boolean isIdle() {
        return current.isEmpty();
    }

    /** A step that fails is repeated with the whole request, when it is added again. */
    private void orRepeat(StoredRequest request, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.debug("a request for {} is repeated", request.site(), e);
            forget(request);
        }
    }

    private void begin(StoredRequest request) {
        Optional<Long> attempts = database.write(request.site(), tx -> RequestTable.take(tx, request, node));
        if (attempts.isEmpty()) {
            forget(request);
        } else if (request.work() == RequestedWork.SYNC) {
            queue.submit(request.sync())
                    .whenComplete((results, failure) -> orRepeat(request, () -> ended(request, results, failure)));
        } else {
            long attempt = attempts.get();
            workers.execute(() -> orRepeat(request, () -> finish(request, outcome(request, attempt))));
        }
    }

    private void ended(StoredRequest request, @Nullable List<SyncResult> results, @Nullable Throwable failure) {
        if (results != null && !results.isEmpty()) {
            finish(request, new RequestOutcome.Answered(Json.MAPPER.valueToTree(results)));
        } else if (failure == null || failure instanceof CancellationException) {
            // The relay stops, or it has lost the site.
            forget(request);
        } else if (failure instanceof Sites.UnknownSite) {
            finish(request, new RequestOutcome.Failed(String.valueOf(failure.getMessage())));
        } else {
            LOG.error("{}: a requested sync was aborted", request.site(), failure);
            finish(request, new RequestOutcome.Failed("the sync was aborted; see the log of relay " + node));
        }
    }

    private RequestOutcome outcome(StoredRequest request, long attempts) {
        if (attempts > MAX_ATTEMPTS) {
            return new RequestOutcome.Failed(
                    MAX_ATTEMPTS + " relays ended while they worked on this request; it is not tried again");
        }
        try {
            return reports.run(request);
        } catch (IOException e) {
            LOG.error(
                    "{}: a requested {} failed", request.site(), request.work().wireName(), e);
            return new RequestOutcome.Failed("the request failed; see the log of relay " + node);
        }
    }

    private void finish(StoredRequest request, RequestOutcome outcome) {
        database.write(request.site(), tx -> RequestTable.finish(tx, request, outcome, clock.instant()));
        forget(request);
        onOutcome.run();
    }

    /** Interrupts the work on reports. The run queue ends the syncs. */
    @Override
    public void close() {
        takers.shutdownNow();
        workers.shutdownNow();
    }

    private synchronized void forget(StoredRequest request) {
        current.remove(request.seq(), request);
    }
}
