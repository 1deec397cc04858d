package io.licenserelay.sync.run;

import io.licenserelay.text.WireNamed;

/** The outcome of a run, or of one account of a run. */
public enum SyncOutcome implements WireNamed {
    /** Everything was read and applied. */
    COMPLETE,
    /** Some places were read and applied, others were not. */
    PARTIAL,
    /** Nothing was read. */
    FAILED;

    /**
     * @param good number of places that were read and applied
     * @param bad number of failures
     */
    static SyncOutcome of(int good, long bad) {
        if (bad == 0) {
            return COMPLETE;
        }
        return good == 0 ? FAILED : PARTIAL;
    }
}
