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
 * One probe or one log tail of a failure: the body with which its route begins. The first result counts, so that a task that ends after
 * its deadline changes no evidence. Thread-safe.
 *
 * @param <R> the result
 */
public abstract sealed class EvidenceTask<R> permits ProbeTask, LogTask {
    /** The task did not end in time. */
    static final String LATE = "deadline";

    /** The task threw, or its result is not one: a fault of the relay or of the route, not of the target. */
    static final String BROKEN = "broken";

    private static final Logger LOG = LoggerFactory.getLogger(EvidenceTask.class);

    private final String name;
    private final String route;
    private final ProbeTarget target;
    private final Deadline deadline;
    private final AtomicReference<@Nullable R> result = new AtomicReference<>();
    private volatile boolean begun;

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

    /** The id of the route that does it, which is also the name of its {@code direct:} endpoint. */
    public String route() {
        return route;
    }

    public ProbeTarget target() {
        return target;
    }

    public Site site() {
        return target.site();
    }

    /** Null when nothing failed, as in the look at a site after a good run. */
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

    /** By when the result must be there to count. */
    public Deadline deadline() {
        return deadline;
    }

    /** Milliseconds until the deadline, at least 1. */
    public int millisLeft() {
        return deadline.leftMillis();
    }

    /**
     * A thread works on it from now on.
     *
     * @return this
     */
    public EvidenceTask<R> begin() {
        begun = true;
        return this;
    }

    /**
     * Takes what the route ended with while the thread of its branch is still there, so that a slow stream delays no other task.
     *
     * @return the body as {@link #read} takes it
     * @throws IOException when the body is a stream that breaks off
     * @throws BadProbeResult when it is not what the task wants
     */
    @Nullable
    Object receive(@Nullable Object body) throws IOException, BadProbeResult {
        return body;
    }

    boolean hasBegun() {
        return begun;
    }

    /** What the route of the task ended with: its result, or what it threw. */
    final void end(@Nullable Object answer) {
        if (answer instanceof Throwable thrown) {
            Optional<R> known = ofException(thrown);
            if (known.isPresent()) {
                result.compareAndSet(null, known.get());
                return;
            }
            if (thrown instanceof BadProbeResult bad) {
                notUsable(bad);
                return;
            }
            LOG.warn("{} broke, which is a fault of the relay or of route {}", name, route, thrown);
            fail(BROKEN);
            return;
        }
        try {
            result.compareAndSet(null, read(answer));
        } catch (BadProbeResult bad) {
            notUsable(bad);
        }
    }

    private void notUsable(BadProbeResult bad) {
        LOG.warn("Route {} has no usable result: {}", route, bad.getMessage());
        fail(BROKEN);
    }

    /** Ends the task without a result of its own, unless it has one. */
    final void fail(String reason) {
        result.compareAndSet(null, unfinished(reason));
    }

    /** @throws NullPointerException before the task ended */
    final R result() {
        return Objects.requireNonNull(result.get(), name);
    }

    /** @throws BadProbeResult when the answer is not a result */
    abstract R read(@Nullable Object answer) throws BadProbeResult;

    abstract R unfinished(String reason);

    /** The result when what was thrown is an answer; empty when it is a fault of the relay or of the route. */
    Optional<R> ofException(Throwable thrown) {
        return Optional.empty();
    }
}
