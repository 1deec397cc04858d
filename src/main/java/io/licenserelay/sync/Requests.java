package io.licenserelay.sync;

/** Makes the requests that time alone makes. */
public final class Requests {

    /** The schedule fired. */
    public RunRequest scheduled(String site) {
        return RunRequest.of(site, RunRequest.Cause.SCHEDULE);
    }

    /** The relay starts, and a run was missed. */
    public RunRequest catchUp(String site) {
        return RunRequest.of(site, RunRequest.Cause.CATCH_UP);
    }
}
