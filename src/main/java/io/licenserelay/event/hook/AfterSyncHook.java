package io.licenserelay.event.hook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the hook {@code after-sync} with the result of a run, once it is committed. Thread-safe. */
public final class AfterSyncHook {
    private static final Logger LOG = LoggerFactory.getLogger(AfterSyncHook.class);

    private final HookCalls calls;

    public AfterSyncHook(HookCalls calls) {
        this.calls = calls;
    }

    /**
     * Calls the hook for each event of the run, one after the other; all together take at most two seconds. What fails is logged.
     *
     * @param completed the data of the run's events {@code sync.completed}; none when the run was cut short
     */
    public void call(List<ObjectNode> completed) {
        if (!calls.isProvided(Hook.AFTER_SYNC)) {
            return;
        }
        long end = System.nanoTime() + Hook.AFTER_SYNC.limit().toNanos();
        for (ObjectNode data : completed) {
            try {
                calls.call(Hook.AFTER_SYNC, Json.write(data), data, Duration.ofNanos(end - System.nanoTime()));
            } catch (HookFailed failed) {
                LOG.warn("{}: hook after-sync: {}", data.path("site").asText(), failed.getMessage());
                LOG.debug("in full", failed);
            } catch (InterruptedException stopping) {
                // The route that finishes the run has nothing left to do.
                LOG.info(
                        "{}: hook after-sync was interrupted, since the relay stops",
                        data.path("site").asText());
                return;
            }
        }
    }
}
