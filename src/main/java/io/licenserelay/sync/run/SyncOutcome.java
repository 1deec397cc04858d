package io.licenserelay.sync.run;

/** How a run, or one account of it, ended. */
public sealed interface SyncOutcome {
    /** As it stands in events and tables. */
    String wireName();

    /** Everything was read and applied. */
    record Complete() implements SyncOutcome {
        @Override
        public String wireName() {
            return "complete";
        }
    }

    /** Some places were read and applied, others were not. */
    record Partial() implements SyncOutcome {
        @Override
        public String wireName() {
            return "partial";
        }
    }

    /** Nothing was read. */
    record Failed() implements SyncOutcome {
        @Override
        public String wireName() {
            return "failed";
        }
    }

    /**
     * @param good places that were read and applied
     * @param bad places that were not
     */
    static SyncOutcome of(int good, long bad) {
        if (bad == 0) {
            return new Complete();
        }
        return good == 0 ? new Failed() : new Partial();
    }
}
