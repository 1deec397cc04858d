package io.licenserelay.threads;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.spi.ScheduledPollConsumerScheduler;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@code scheduler:} route periodically on the shared workers: first after the endpoint's initial delay, then each time after its
 * delay from the end of the previous run. A route occupies one worker, and only while it runs. The monotonic clock measures the delays,
 * so a change of the wall clock has no effect (Camel's {@code timer:} waits for wall clock times). One instance per endpoint.
 */
public final class SharedPolls extends ServiceSupport implements ScheduledPollConsumerScheduler {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPolls.class);

    /**
     * The largest number of routes of all sites that run in parallel. A server or folder that does not answer occupies one of them until its
     * own time limit. The others stay free for the other sites.
     */
    private static final int MAX_PARALLEL = 64;

    private static final ExecutorService WORKERS = WorkerThreads.limited("poll", MAX_PARALLEL);

    private @Nullable CamelContext context;
    private @Nullable ScheduledPollConsumer consumer;
    private @Nullable Runnable task;
    private @Nullable Future<?> next;
    private boolean started;

    @Override
    public void onInit(Consumer pollConsumer) {
        consumer = (ScheduledPollConsumer) pollConsumer;
    }

    @Override
    public void scheduleTask(Runnable given) {
        task = given;
    }

    @Override
    public synchronized void startScheduler() {
        if (!started) {
            started = true;
            after(Objects.requireNonNull(consumer, "onInit must be called first")
                    .getInitialDelay());
        }
    }

    private synchronized void after(long delay) {
        if (started) {
            ScheduledPollConsumer pollConsumer = Objects.requireNonNull(consumer, "onInit must be called first");
            Duration time = Duration.of(delay, pollConsumer.getTimeUnit().toChronoUnit());
            next = WorkerThreads.after(time, this::begin, this::run);
        }
    }

    private void begin(Runnable run) {
        try {
            WORKERS.execute(run);
        } catch (OutOfMemoryError noThread) {
            LOG.error("cannot create a thread; {} runs again after its delay", consumer, noThread);
            after(Objects.requireNonNull(consumer, "onInit must be called first")
                    .getDelay());
        }
    }

    private void run() {
        try {
            if (isSchedulerStarted()) {
                Objects.requireNonNull(task, "scheduleTask must be called first")
                        .run();
            }
        } finally {
            after(Objects.requireNonNull(consumer, "onInit must be called first")
                    .getDelay());
        }
    }

    /** Does not stop a current run; Camel waits for it. */
    @Override
    public synchronized void unscheduleTask() {
        started = false;
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    @Override
    public synchronized boolean isSchedulerStarted() {
        return started;
    }

    @Override
    protected void doStop() {
        unscheduleTask();
    }

    @Override
    public void setCamelContext(CamelContext given) {
        context = given;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }
}
