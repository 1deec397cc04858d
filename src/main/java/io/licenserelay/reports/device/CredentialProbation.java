package io.licenserelay.reports.device;

/**
 * What is known of one user's password in a round: whether a device has let the user in, or two have refused it and none has let it
 * in. Thread-safe.
 */
final class CredentialProbation {
    /** One refusal may be a device's own fault. */
    static final int MOST = 2;

    private int refusals;
    private boolean in;

    /** @param failed it was refused so before */
    CredentialProbation(boolean failed) {
        this.refusals = failed ? MOST : 0;
    }

    /** Whether nothing speaks for it, and nothing enough against it. */
    synchronized boolean isOpen() {
        return !in && refusals < MOST;
    }

    /** Whether it is sent to nobody any more. */
    synchronized boolean isFailed() {
        return !in && refusals >= MOST;
    }

    synchronized void letIn() {
        in = true;
    }

    synchronized void refused() {
        refusals++;
    }
}
