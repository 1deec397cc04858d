package io.licenserelay.app;

import io.licenserelay.event.hook.AfterSyncHook;
import io.licenserelay.event.hook.EnrichmentHook;
import io.licenserelay.event.hook.HookCalls;
import io.licenserelay.event.hook.JsonText;
import io.licenserelay.event.hook.PublishedHook;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** The hooks that routes of the operator may provide. */
final class HookModule implements AutoCloseable {
    private final HookCalls calls = new HookCalls();
    private final EnrichmentHook enrichment = new EnrichmentHook(calls);
    private final PublishedHook published;

    /** @param failures the topic of the failures */
    HookModule(String failures) {
        this.published = new PublishedHook(calls, failures);
    }

    void bind(Main main) {
        main.bind("enrichmentHook", enrichment);
        main.bind("afterSyncHook", new AfterSyncHook(calls));
        main.bind("publishedHook", published);
        main.bind("json", new JsonText());
    }

    /** The routes are made. */
    void use(CamelContext context) {
        calls.use(context);
    }

    EnrichmentHook enrichment() {
        return enrichment;
    }

    /** Before the routes stop: gives events that wait for their hook a little time. */
    void drain() {
        published.close();
    }

    /** After the routes have stopped: interrupts what still runs. */
    @Override
    public void close() {
        calls.close();
    }
}
