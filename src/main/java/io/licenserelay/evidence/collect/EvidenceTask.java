package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.ProbeTarget;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One probe or log tail of a failure; it is the first body of its route. Only the first result counts, so a task that ends after its
 * deadline does not change the evidence. Thread-safe.
 *
 * @param <R> the type of the result
 */
public abstract sealed class EvidenceTask<R> permits ProbeTask, LogTask {
    /** The task did not end in time. */
    static final String LATE = "deadline";

    /** The task threw an exception, or its result is invalid: a fault of the relay or of the route, not of the target. */
    static final String BROKEN = "broken";

    private static final Logger LOG = LoggerFactory.getLogger(EvidenceTask.class);

    private final String name;
    private final String route;
    private final ProbeTarget target;
    private final Deadline deadline;
    private final AtomicReference<@Nullable R> result = new AtomicReference<>();
    private volatile boolean started;

    EvidenceTask(String name, String route, ProbeTarget target, Deadline deadline) {
        this.name = name;
        this.route = route;
        this.target = target;
        this.deadline = deadline;
    }

    /** The name of the probe or log in the event. */
    public String name() {
        return name;
    }

    /** The id of the route that runs the task, which is also the name of its {@code direct:} endpoint. */
    public String route() {
        return route;
    }

    public ProbeTarget target() {
        return target;
    }

    public Site site() {
        return target.site();
    }

    /** Null if nothing failed, as in the check of a site after a successful run. */
    public @Nullable Failure failure() {
        return target.failure();
    }

    /** The host of the server. */
    public String host() {
        return target.host();
    }

    /** The port of the server. */
    public int port() {
        return target.port();
    }

    /** The time by which the result must be available. */
    public Deadline deadline() {
        return deadline;
    }

    /** Milliseconds until the deadline, at least 1. */
    public int millisLeft() {
        return deadline.leftMillis();
    }

    /**
     * Marks the task as started.
     *
     * @return this
     */
    public EvidenceTask<R> begin() {
        started = true;
        return this;
    }

    /**
     * Reads the result of the route on the thread of its branch, so that a slow stream delays no other task.
     *
     * @return the body in the form that {@link #read} accepts
     * @throws IOException when the body is a stream that ends with an error
     * @throws BadProbeResult when the body is not a valid result
     */
    @Nullable
    Object receive(@Nullable Object body) throws IOException, BadProbeResult {
        return body;
    }

    boolean hasBegun() {
        return started;
    }

    /** Ends the task with the route's result or exception. */
    final void end(@Nullable Object answer) {
        if (answer instanceof Throwable thrown) {
            Optional<R> known = ofException(thrown);
            if (known.isPresent()) {
                result.compareAndSet(null, known.get());
                return;
            }
            if (thrown instanceof BadProbeResult bad) {
                endAsBroken(bad);
                return;
            }
            LOG.warn("{} failed because of a fault of the relay or of route {}", name, route, thrown);
            fail(BROKEN);
            return;
        }
        try {
            result.compareAndSet(null, read(answer));
        } catch (BadProbeResult bad) {
            endAsBroken(bad);
        }
    }

    private void endAsBroken(BadProbeResult bad) {
        LOG.warn("Route {} has no usable result: {}", route, bad.getMessage());
        fail(BROKEN);
    }

    /** Ends the task with this reason, unless it has a result. */
    final void fail(String reason) {
        result.compareAndSet(null, unfinished(reason));
    }

    /** @throws NullPointerException when the task has not ended */
    final R result() {
        return Objects.requireNonNull(result.get(), name);
    }

    /** @throws BadProbeResult when the answer is not a result */
    abstract R read(@Nullable Object answer) throws BadProbeResult;

    abstract R unfinished(String reason);

    /** The result if the exception is an answer; empty if it is a fault of the relay or of the route. */
    Optional<R> ofException(Throwable thrown) {
        return Optional.empty();
    }
}
