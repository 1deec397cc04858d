package io.licenserelay.http.failure;

import java.io.IOException;

/** A part of a run exceeded {@code relay.run.limit}, so its next step was skipped. No server received a request in that step. */
public final class RunLimitPassed extends IOException {
    private static final long serialVersionUID = 1L;

    public RunLimitPassed(String message) {
        super(message);
    }
}
