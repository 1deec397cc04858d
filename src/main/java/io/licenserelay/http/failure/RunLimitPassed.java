package io.licenserelay.http.failure;

import java.io.IOException;

/** A part of a run has lasted longer than {@code relay.run.limit}, so its next step was not made; no server was asked for anything in it. */
public final class RunLimitPassed extends IOException {
    private static final long serialVersionUID = 1L;

    public RunLimitPassed(String message) {
        super(message);
    }
}
