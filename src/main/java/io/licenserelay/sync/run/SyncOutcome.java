package io.licenserelay.sync.run;

import io.licenserelay.text.WireNamed;

/** How a run, or one account of it, ended. */
enum SyncOutcome implements WireNamed {
    /** Everything was read and applied. */
    COMPLETE,
    /** Some places were read and applied, others were not. */
    PARTIAL,
    /** Nothing was read. */
    FAILED;

    /**
     * @param good places that were read and applied
     * @param bad places that were not
     */
    static SyncOutcome of(int good, long bad) {
        if (bad == 0) {
            return COMPLETE;
        }
        return good == 0 ? FAILED : PARTIAL;
    }
}
