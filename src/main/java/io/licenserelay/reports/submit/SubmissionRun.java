package io.licenserelay.reports.submit;

import io.licenserelay.reports.Submission;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One push of a site while it goes on. Thread-safe: submissions go out side by side. */
public final class SubmissionRun {
    private final List<Submission> submissions;
    private final AtomicBoolean going = new AtomicBoolean(true);

    SubmissionRun(List<Submission> submissions) {
        this.submissions = submissions;
    }

    public List<Submission> submissions() {
        return submissions;
    }

    /** Whether it makes sense to send the next one. */
    public boolean isGoing() {
        return going.get();
    }

    /**
     * The server takes none; the others wait for the next push.
     *
     * @return whether this is the first word of it
     */
    boolean stop() {
        return going.getAndSet(false);
    }
}
