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
 * Runs a {@code scheduler:} route again and again on the shared workers: once after the endpoint's initial delay, and each time its delay
 * after the run before ended. A route occupies a worker only while it runs, and never two. The delays are measured by the monotonic clock,
 * so that a step of the wall clock changes none; Camel's {@code timer:} waits for points in time of the wall clock. Serves one endpoint.
 */
public final class SharedPolls extends ServiceSupport implements ScheduledPollConsumerScheduler {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPolls.class);

    /**
     * Routes of all sites that run at once. A server or folder that does not answer holds one of them until its own time limit; the others
     * stay free for the other sites.
     */
    private static final int MOST = 64;

    private static final ExecutorService WORKERS = WorkerThreads.limited("poll", MOST);

    private @Nullable CamelContext context;
    private @Nullable ScheduledPollConsumer consumer;
    private @Nullable Runnable task;
    private @Nullable Future<?> next;
    private boolean started;

    @Override
    public void onInit(Consumer served) {
        consumer = (ScheduledPollConsumer) served;
    }

    @Override
    public void scheduleTask(Runnable given) {
        task = given;
    }

    @Override
    public synchronized void startScheduler() {
        if (!started) {
            started = true;
            after(Objects.requireNonNull(consumer, "onInit comes first").getInitialDelay());
        }
    }

    private synchronized void after(long delay) {
        if (started) {
            ScheduledPollConsumer served = Objects.requireNonNull(consumer, "onInit comes first");
            Duration time = Duration.of(delay, served.getTimeUnit().toChronoUnit());
            next = WorkerThreads.after(time, this::begin, this::run);
        }
    }

    private void begin(Runnable run) {
        try {
            WORKERS.execute(run);
        } catch (OutOfMemoryError noThread) {
            LOG.error("no thread could be made; {} waits for its next time", consumer, noThread);
            after(Objects.requireNonNull(consumer, "onInit comes first").getDelay());
        }
    }

    private void run() {
        try {
            if (isSchedulerStarted()) {
                Objects.requireNonNull(task, "scheduleTask comes first").run();
            }
        } finally {
            after(Objects.requireNonNull(consumer, "onInit comes first").getDelay());
        }
    }

    /** A run under way is Camel's to wait for. */
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
