package io.licenserelay.evidence;

import io.licenserelay.config.site.Site;
import org.jspecify.annotations.Nullable;

/**
 * A task of the routes for one site: a whole run, or a check between runs. A route carries it in its variable {@code task}; the route that
 * begins the task sets it. Implementations are thread-safe.
 */
public interface SiteTask {
    Site site();

    /** Whether the task is a run: a run reports known problems again, and repeats refused requests. */
    boolean isRun();

    /** The id of the run; null between runs. */
    default @Nullable String runId() {
        return null;
    }

    /** The id of the trace in the events of the run; null between runs. */
    default @Nullable String traceId() {
        return null;
    }

    /** Records that a part of the task failed. The other parts continue. */
    void failed(Failure failure);
}
