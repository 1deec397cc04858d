package io.licenserelay.event.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.event.FoldedLog;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.text.Json;
import io.licenserelay.threads.WorkerThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the hook {@code incident-published} with the events of incidents that Kafka has, one after the other on a thread of its own. The
 * publisher never waits: what does not fit into the queue is dropped, counted and logged. Thread-safe.
 */
public final class PublishedHook implements AutoCloseable {
    /** Events that wait. An event has at most 64 KiB by default. */
    static final int QUEUE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(PublishedHook.class);
    private static final Duration LINES = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(2);

    private final HookCalls calls;
    private final String topic;
    private final ExecutorService thread = WorkerThreads.limited("published incidents", 1);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final FoldedLog dropLines = new FoldedLog(LOG::warn, LINES);
    private final FoldedLog failureLines = new FoldedLog(LOG::warn, LINES);

    /** @param topic of the failures */
    public PublishedHook(HookCalls calls, String topic) {
        this.calls = calls;
        this.topic = topic;
    }

    /** Queues the events of incidents among these and returns at once. */
    public void offer(List<OutboxRecord> published) {
        if (!calls.isProvided(Hook.INCIDENT_PUBLISHED)) {
            return;
        }
        for (OutboxRecord record : published) {
            String event = record.value();
            if (record.topic().equals(topic) && event != null) {
                offer(event);
            }
        }
    }

    private void offer(String event) {
        if (waiting.incrementAndGet() > QUEUE) {
            drop("its queue of " + QUEUE + " events is full");
            return;
        }
        try {
            thread.execute(() -> call(event));
        } catch (RejectedExecutionException stopping) {
            drop("the relay stops");
        }
    }

    private void drop(String why) {
        waiting.decrementAndGet();
        dropLines.add("hook incident-published: an event was dropped, since " + why + "; " + dropped.incrementAndGet()
                + " since the start");
    }

    private void call(String event) {
        try {
            JsonNode json = Json.stored(event, "a published event");
            calls.call(Hook.INCIDENT_PUBLISHED, event, json.path("data"), Hook.INCIDENT_PUBLISHED.limit());
        } catch (HookFailed failed) {
            failureLines.add("hook incident-published: " + failed.getMessage() + "; the event is not offered again");
            LOG.debug("in full", failed);
        } catch (InterruptedException stopping) {
            drop("the relay stops");
            return;
        }
        waiting.decrementAndGet();
    }

    /** How many events were dropped since the start. */
    public long dropped() {
        return dropped.get();
    }

    /** Gives what waits a little time, and drops the rest. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = thread.shutdownNow().size();
        dropped.addAndGet(left);
        if (left > 0) {
            LOG.warn("hook incident-published: {} events that waited are dropped, since the relay stops", left);
        }
    }
}
