package io.licenserelay.reports.submit;

import io.licenserelay.reports.Submission;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One push of a site in progress. Thread-safe: submissions are sent in parallel. */
public final class SubmissionRun {
    private final List<Submission> submissions;
    private final AtomicBoolean going = new AtomicBoolean(true);

    SubmissionRun(List<Submission> submissions) {
        this.submissions = submissions;
    }

    public List<Submission> submissions() {
        return submissions;
    }

    /** Whether the push continues with the next submission. */
    public boolean isGoing() {
        return going.get();
    }

    /**
     * Stops the push because the server accepts no submission. The remaining submissions wait for the next push.
     *
     * @return whether this call stopped the push
     */
    boolean stop() {
        return going.getAndSet(false);
    }
}
