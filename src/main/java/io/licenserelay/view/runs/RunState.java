package io.licenserelay.view.runs;

import io.licenserelay.text.WireNamed;

/** The outcome of a run, or that none is recorded. */
public enum RunState implements WireNamed {
    COMPLETE,
    PARTIAL,
    FAILED,
    /** The relay ended, or lost the site, before the run ended. */
    INTERRUPTED,
    /** The run has begun, and no outcome is recorded. */
    RUNNING
}
