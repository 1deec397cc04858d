package io.licenserelay.app.trace;

import io.licenserelay.http.failure.CallFailed;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.telemetry.Op;
import org.jspecify.annotations.Nullable;

/**
 * Camel's tracer, limited to a readable trace: one span per route of the flow. As it is, the tracer also makes a span of every step and two
 * of every call of a route, and begins a trace each time a timer fires. Thread-safe.
 */
final class RouteSpans extends OpenTelemetryTracer {
    private static final String PARENT = "traceparent";
    private static final String DIRECT = "direct:";

    /** Routes that only pass a request on, whose own span says more, and routes that timers call all the time. */
    private static final Set<String> WITHOUT_SPAN = Set.of(
            "ssm",
            "http-request",
            "http-attempt",
            "inbox",
            "inbox-check",
            "deliver-acks",
            "device-acks",
            "poll",
            "take-record",
            "accept-command",
            "dead-letter");

    /** Only the route policy: without the notifier for each message that is sent, and without the interceptor of each step. */
    @Override
    protected void doInit() {
        if (!getCamelContext().getRoutePolicyFactories().contains(this)) {
            getCamelContext().addRoutePolicyFactory(this);
        }
        initTracer();
    }

    @Override
    public @Nullable RoutePolicy createRoutePolicy(CamelContext context, String id, NamedNode route) {
        boolean isCalled = route instanceof RouteDefinition definition
                && definition.getInput() != null
                && String.valueOf(definition.getInput().getEndpointUri()).startsWith(DIRECT);
        return isCalled && !WITHOUT_SPAN.contains(id) && !id.startsWith("publish")
                ? super.createRoutePolicy(context, id, route)
                : null;
    }

    /** A bean may send another exchange, which knows nothing of the span around the bean. */
    @Override
    protected void beginEventSpan(Exchange exchange, Endpoint endpoint, Op operation) throws Exception {
        SpanContext current = Span.current().getSpanContext();
        if (current.isValid() && exchange.getIn().getHeader(PARENT) == null) {
            exchange.getIn()
                    .setHeader(
                            PARENT,
                            "00-" + current.getTraceId() + "-" + current.getSpanId() + "-"
                                    + current.getTraceFlags().asHex());
        }
        super.beginEventSpan(exchange, endpoint, operation);
    }

    /** Camel only sets an attribute of its own. */
    @Override
    protected void endEventSpan(Exchange exchange, Endpoint endpoint) throws Exception {
        Throwable thrown = exchange.getException();
        if (thrown != null) {
            // A failed request is wrapped with its evidence; the reason is inside.
            Throwable why = thrown instanceof CallFailed && thrown.getCause() != null ? thrown.getCause() : thrown;
            Span.current()
                    .setStatus(StatusCode.ERROR)
                    .setAttribute("error.type", why.getClass().getName());
        }
        super.endEventSpan(exchange, endpoint);
    }
}
