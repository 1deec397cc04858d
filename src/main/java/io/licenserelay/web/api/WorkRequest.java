package io.licenserelay.web.api;

import io.licenserelay.sync.request.RequestListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Work that a user requested, from its request to its result. Thread-safe. */
public final class WorkRequest {
    private static final int MOST_EVENTS = 10_000;

    private final UUID id = UUID.randomUUID();
    private final String work;
    private final Instant requested;
    private final Clock clock;
    private final List<Map<String, String>> events = new ArrayList<>();
    private @Nullable Instant finished;
    private @Nullable Object result;
    private @Nullable Refused refused;

    /**
     * Why the work was not done.
     *
     * @param status of HTTP
     * @param detail for people
     */
    record Refused(int status, String detail) {}

    WorkRequest(String work, Clock clock) {
        this.work = work;
        this.clock = clock;
        this.requested = clock.instant();
    }

    /** Identifies the request in the API. */
    public UUID id() {
        return id;
    }

    /** Collects which relay works for a site, and why it did not. */
    RequestListener listener() {
        return new RequestListener() {
            @Override
            public void taken(String site, String node) {
                add(Map.of("site", site, "node", node));
            }

            @Override
            public void problem(String site, String problem) {
                add(Map.of("site", site, "problem", problem));
            }
        };
    }

    private synchronized void add(Map<String, String> event) {
        if (events.size() < MOST_EVENTS) {
            events.add(event);
        }
    }

    synchronized void done(Object answer) {
        result = answer;
        finished = clock.instant();
        notifyAll();
    }

    synchronized void refused(int status, String detail) {
        refused = new Refused(status, detail);
        finished = clock.instant();
        notifyAll();
    }

    /** This request when its work has ended, or when the time is over. */
    synchronized WorkRequest awaited(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); finished == null && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return this;
    }

    /** When the work ended; null while it goes on. */
    synchronized @Nullable Instant finished() {
        return finished;
    }

    /** Null unless the work was refused or failed. */
    synchronized @Nullable Refused refusal() {
        return refused;
    }

    /** The document of the API. */
    public synchronized Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", id.toString());
        document.put("work", work);
        document.put("state", finished == null ? "working" : refused == null ? "done" : "refused");
        document.put("requested", requested.toString());
        if (finished != null) {
            document.put("finished", finished.toString());
        }
        document.put("events", List.copyOf(events));
        if (result != null) {
            document.put("result", result);
        }
        if (refused != null) {
            document.put("status", refused.status());
            document.put("detail", refused.detail());
        }
        return document;
    }
}
