package io.licenserelay.event;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.spi.ScheduledPollConsumerScheduler;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the publishing route after events were committed, or after the endpoint's delay without a commit. Serves one
 * {@code scheduler:} endpoint, on one thread; {@link #wake} may be called from any thread.
 */
public final class PublishOnCommit extends ServiceSupport implements ScheduledPollConsumerScheduler {
    private final Semaphore wakes = new Semaphore(0);
    private @Nullable CamelContext context;
    private @Nullable ScheduledPollConsumer consumer;
    private @Nullable Runnable task;
    private @Nullable ExecutorService thread;

    /** Runs the route now, or again after the current execution. Returns at once. */
    public void wake() {
        wakes.release();
    }

    @Override
    public void onInit(Consumer served) {
        consumer = (ScheduledPollConsumer) served;
    }

    @Override
    public void scheduleTask(Runnable value) {
        task = value;
    }

    @Override
    public void unscheduleTask() {
        if (thread != null) {
            // Camel waits for the current batch; only the wait for the next batch is interrupted.
            thread.shutdown();
            wake();
            thread = null;
        }
    }

    @Override
    public void startScheduler() {
        if (thread != null) {
            return;
        }
        Runnable route = Objects.requireNonNull(task, "scheduleTask was not called");
        Duration delay = delay(Objects.requireNonNull(consumer, "onInit was not called"));
        ExecutorService started = Objects.requireNonNull(context, "setCamelContext was not called")
                .getExecutorServiceManager()
                .newSingleThreadExecutor(this, "publish");
        thread = started;
        started.execute(() -> repeat(route, delay, started));
    }

    private void repeat(Runnable route, Duration delay, ExecutorService executor) {
        try {
            while (!executor.isShutdown()) {
                // Drained before the route reads the outbox, so that a later commit runs the route again.
                wakes.drainPermits();
                route.run();
                wakes.tryAcquire(delay.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration delay(ScheduledPollConsumer of) {
        return Duration.of(of.getDelay(), of.getTimeUnit().toChronoUnit());
    }

    @Override
    public boolean isSchedulerStarted() {
        return thread != null;
    }

    @Override
    protected void doStop() {
        unscheduleTask();
    }

    @Override
    public void setCamelContext(CamelContext value) {
        context = value;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }
}
