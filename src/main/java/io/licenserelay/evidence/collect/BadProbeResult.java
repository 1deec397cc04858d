package io.licenserelay.evidence.collect;

/** A route of a probe or log ended with a body that is not a result. */
final class BadProbeResult extends Exception {
    private static final long serialVersionUID = 1L;

    BadProbeResult(String message) {
        super(message);
    }
}
