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
 * Runs the publishing route when events were committed, and after the endpoint's delay when none were. Serves one
 * {@code scheduler:} endpoint, on one thread; {@link #wake} may be called from any thread.
 */
public final class PublishOnCommit extends ServiceSupport implements ScheduledPollConsumerScheduler {
    private final Semaphore wakes = new Semaphore(0);
    private @Nullable CamelContext context;
    private @Nullable ScheduledPollConsumer consumer;
    private @Nullable Runnable task;
    private @Nullable ExecutorService thread;

    /** Runs the route now, or once more if it is running. Returns at once. */
    public void wake() {
        wakes.release();
    }

    @Override
    public void onInit(Consumer served) {
        consumer = (ScheduledPollConsumer) served;
    }

    @Override
    public void scheduleTask(Runnable given) {
        task = given;
    }

    @Override
    public void unscheduleTask() {
        if (thread != null) {
            // A batch under way is Camel's to wait for; only the wait for the next one is cut short.
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
        Runnable route = Objects.requireNonNull(task, "scheduleTask comes first");
        Duration delay = delay(Objects.requireNonNull(consumer, "onInit comes first"));
        ExecutorService started = Objects.requireNonNull(context, "setCamelContext comes first")
                .getExecutorServiceManager()
                .newSingleThreadExecutor(this, "publish");
        thread = started;
        started.execute(() -> repeat(route, delay, started));
    }

    private void repeat(Runnable route, Duration delay, ExecutorService mine) {
        try {
            while (!mine.isShutdown()) {
                // Before the route reads the outbox: a commit after this runs it once more.
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
    public void setCamelContext(CamelContext given) {
        context = given;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }
}
