package io.licenserelay.web.api;

import io.licenserelay.actions.ReportActions;
import io.licenserelay.actions.RequestFailed;
import io.licenserelay.actions.Syncs;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.threads.WorkerThreads;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the work that users request over the API, and keeps the results for a while. A sync can take an hour, so a request is answered
 * before its work has ended. Thread-safe.
 */
public final class WorkRequests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkRequests.class);

    /** Requests whose work goes on. */
    static final int MOST_WORKING = 64;

    private static final int MOST_KEPT = 1_000;
    private static final Duration KEPT = Duration.ofHours(1);

    private final Sites sites;
    private final Syncs syncs;
    private final ReportActions reports;
    private final Clock clock;
    private final ExecutorService threads = WorkerThreads.limited("requests", MOST_WORKING);
    private final Map<UUID, WorkRequest> requests = new LinkedHashMap<>();

    public WorkRequests(Sites sites, Syncs syncs, ReportActions reports, Clock clock) {
        this.sites = sites;
        this.syncs = syncs;
        this.reports = reports;
        this.clock = clock;
    }

    /** Too much work goes on. */
    public static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("More than " + MOST_WORKING + " requests are in work. Try again when one has ended.");
        }
    }

    private interface Work {
        Object execute(RequestListener listener) throws Exception;
    }

    /**
     * Begins a sync.
     *
     * @param site null for all sites
     * @param accept whether to apply answers that contain far fewer licenses than before
     * @throws Sites.UnknownSite if there is no such site
     */
    public WorkRequest sync(@Nullable String site, boolean accept) {
        String known = site == null ? null : sites.named(site).name();
        String what = (accept ? "accept " : "sync ") + (known == null ? "all sites" : known);
        return begin(what, listener -> syncs.sync(known, accept, listener));
    }

    /**
     * Begins the import of a file, which the caller deletes when the work has ended.
     *
     * @throws Sites.UnknownSite if there is no such site
     */
    WorkRequest importFile(String site, String name, Path file) {
        String known = sites.named(site).name();
        return begin("import " + name, listener -> reports.importFile(known, name, file));
    }

    /** Begins to schedule a report to be sent again by the next push. */
    public WorkRequest resend(String digest) {
        return begin("resend " + digest, listener -> Map.of("told", reports.resend(digest)));
    }

    WorkRequest retry(String id) {
        return begin("retry " + id, listener -> reports.retry(id));
    }

    /** The request with this id; empty if it was never made or its result was dropped. */
    public synchronized Optional<WorkRequest> find(String id) {
        try {
            return Optional.ofNullable(requests.get(UUID.fromString(id)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private synchronized WorkRequest begin(String what, Work work) {
        Instant oldest = clock.instant().minus(KEPT);
        requests.values().removeIf(each -> isDroppable(each, oldest));
        long working = requests.values().stream()
                .filter(each -> each.finished() == null)
                .count();
        if (working >= MOST_WORKING) {
            throw new Busy();
        }
        WorkRequest request = new WorkRequest(what, clock);
        requests.put(request.id(), request);
        if (requests.size() > MOST_KEPT) {
            requests.values().stream()
                    .filter(each -> each.finished() != null)
                    .findFirst()
                    .ifPresent(each -> requests.remove(each.id()));
        }
        threads.execute(() -> execute(request, work));
        return request;
    }

    private static boolean isDroppable(WorkRequest request, Instant oldest) {
        Instant finished = request.finished();
        return finished != null && finished.isBefore(oldest);
    }

    private static void execute(WorkRequest request, Work work) {
        try {
            request.done(work.execute(request.listener()));
        } catch (NotResendable e) {
            request.refused(409, String.valueOf(e.getMessage()));
        } catch (Sites.UnknownSite e) {
            request.refused(404, String.valueOf(e.getMessage()));
        } catch (RequestFailed e) {
            request.refused(502, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            request.refused(503, "The relay is stopping.");
        } catch (Exception e) {
            LOG.error("A request failed: {}", request.document().get("work"), e);
            request.refused(500, "The request failed; see the relay's log.");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
