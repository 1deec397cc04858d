package io.licenserelay.evidence;

import io.licenserelay.config.site.Site;

/**
 * A task of the routes for one site: a whole run, or a check between runs. A route carries it in its variable {@code task}; the route that
 * begins the task sets it. Implementations are thread-safe.
 */
public interface SiteTask {
    Site site();

    /** Whether the task is a run: a run reports known problems again, and repeats refused requests. */
    boolean isRun();

    /** Records that a part of the task failed. The other parts continue. */
    void failed(Failure failure);
}
