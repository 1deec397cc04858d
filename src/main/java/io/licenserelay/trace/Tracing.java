package io.licenserelay.trace;

import io.licenserelay.store.Database;
import java.io.IOException;
import org.apache.camel.CamelContext;

/**
 * Records the work of a run as one trace. The current span is that of the thread: what begins on a thread is a part of it. Recording
 * never throws, never waits for the collector and never changes what is recorded. Thread-safe.
 */
public interface Tracing extends AutoCloseable {
    /** The W3C trace context for events of the work that runs on this thread: of its trace, or a new one outside of a trace. */
    String traceparent();

    /**
     * Describes the current span as a run.
     *
     * @param cause the cause of the run by its wire name
     */
    void describeRun(String run, String site, String cause);

    /**
     * Begins the span of one HTTP request. It must be closed on the same thread.
     *
     * @param name of low cardinality, such as {@code GET licenses}
     * @param url of which only the host and the port are recorded, because a path may contain names of accounts
     */
    RequestSpan request(String name, String method, String url);

    /** The same database, whose transactions within a run are spans. */
    Database around(Database database);

    /** Makes the routes that are added to this context from now on spans of their runs. */
    void observe(CamelContext context);

    /** Sends what is left, for two seconds at most. */
    @Override
    void close() throws IOException;
}
