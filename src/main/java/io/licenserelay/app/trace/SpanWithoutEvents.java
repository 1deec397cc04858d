package io.licenserelay.app.trace;

import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;

/**
 * A span without its events. Camel's tracer records the message of an exception as an event, with the address of a request and whatever a
 * server wrote. The event of the failure has it, redacted; the span has the class of the exception.
 */
final class SpanWithoutEvents extends DelegatingSpanData {
    SpanWithoutEvents(SpanData span) {
        super(span);
    }

    @Override
    public List<EventData> getEvents() {
        return List.of();
    }

    @Override
    public int getTotalRecordedEvents() {
        return 0;
    }
}
