package io.licenserelay.reports.device;

/**
 * The state of one user's password in a round: whether a device has accepted it, or two have refused it and none has
 * accepted it. Thread-safe.
 */
final class CredentialProbation {
    /** A single refusal may be a fault of the device. */
    static final int MAX_REFUSALS = 2;

    private int refusals;
    private boolean accepted;

    /** @param failed whether the password was refused in an earlier round */
    CredentialProbation(boolean failed) {
        this.refusals = failed ? MAX_REFUSALS : 0;
    }

    /** Whether the password is neither accepted nor failed yet. */
    synchronized boolean isOpen() {
        return !accepted && refusals < MAX_REFUSALS;
    }

    /** Whether the password is not sent to any further device. */
    synchronized boolean isFailed() {
        return !accepted && refusals >= MAX_REFUSALS;
    }

    synchronized void accept() {
        accepted = true;
    }

    synchronized void refuse() {
        refusals++;
    }
}
