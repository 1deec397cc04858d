package io.licenserelay.evidence;

import io.licenserelay.config.site.Site;

/**
 * What the routes do for one site at one time: a whole run, or a check between runs. A route carries it as its variable {@code task},
 * which the route that begins the task sets. Implementations are thread-safe.
 */
public interface SiteTask {
    Site site();

    /** Whether it is a run: a run reports again what was reported before, and tries again what was refused. */
    boolean isRun();

    /** A part of the task failed; the other parts go on. */
    void failed(Failure failure);
}
