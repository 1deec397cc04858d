package io.licenserelay.sync.run;

import java.time.Duration;

/** Observes runs. Its method returns at once, throws nothing, and is thread-safe. */
@FunctionalInterface
public interface RunListener {
    /** Observes nothing. */
    RunListener NONE = (site, outcome, took) -> {};

    /** A run has ended, and its result is committed. */
    void finished(String site, SyncOutcome outcome, Duration took);
}
