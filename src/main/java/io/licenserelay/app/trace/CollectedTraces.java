package io.licenserelay.app.trace;

import io.licenserelay.config.site.TraceSettings;
import io.licenserelay.store.Database;
import io.licenserelay.trace.RequestSpan;
import io.licenserelay.trace.Tracing;
import io.licenserelay.trace.Untraced;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;

/** Traces that are sent to a collector. Every run is recorded: they are few. Thread-safe. */
final class CollectedTraces implements Tracing {
    /** Spans that wait. A pull of a million licenses makes some thousand spans; more than these are lost while the collector is away. */
    private static final int MAX_WAITING = 8192;

    private static final int BATCH = 512;
    private static final Duration SEND_EVERY = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int MAX_ATTRIBUTE_LENGTH = 256;

    private static final AttributeKey<String> SITE = AttributeKey.stringKey("license_relay.site");
    private static final AttributeKey<String> RUN = AttributeKey.stringKey("license_relay.run");
    private static final AttributeKey<String> CAUSE = AttributeKey.stringKey("license_relay.cause");

    private final SdkTracerProvider provider;
    private final SpanSender sender;
    private final Tracer tracer;
    private final Untraced outsideOfTraces = new Untraced();

    private CollectedTraces(SdkTracerProvider provider, SpanSender sender) {
        this.provider = provider;
        this.sender = sender;
        this.tracer = provider.get("io.licenserelay");
    }

    static CollectedTraces to(TraceSettings settings, String service, String node, String version) throws IOException {
        SpanSender sender = new SpanSender(settings);
        Resource resource = Resource.create(Attributes.builder()
                .put("service.name", service)
                .put("service.instance.id", node)
                .put("service.version", version)
                .build());
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(resource)
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(MAX_ATTRIBUTE_LENGTH)
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(sender)
                        .setMaxQueueSize(MAX_WAITING)
                        .setMaxExportBatchSize(BATCH)
                        .setScheduleDelay(SEND_EVERY)
                        .build())
                .build();
        return new CollectedTraces(provider, sender);
    }

    @Override
    public String traceparent() {
        SpanContext current = Span.current().getSpanContext();
        return current.isValid()
                ? "00-" + current.getTraceId() + "-" + current.getSpanId() + "-"
                        + current.getTraceFlags().asHex()
                : outsideOfTraces.traceparent();
    }

    @Override
    public void describeRun(String run, String site, String cause) {
        Span.current().setAttribute(RUN, run).setAttribute(SITE, site).setAttribute(CAUSE, cause);
    }

    @Override
    public RequestSpan request(String name, String method, String url) {
        return HttpSpan.begin(tracer, name, method, url);
    }

    @Override
    public Database around(Database database) {
        return new TracedDatabase(database, tracer);
    }

    @Override
    public void observe(CamelContext context) {
        // Camel's tracer finds both in the registry. Not the global ones: several relays may run in one process.
        context.getRegistry().bind("tracer", Tracer.class, tracer);
        context.getRegistry()
                .bind(
                        "tracePropagators",
                        ContextPropagators.class,
                        ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
        RouteSpans routes = new RouteSpans();
        routes.setCamelContext(context);
        routes.init(context);
    }

    @Override
    public void close() throws IOException {
        provider.shutdown().join(STOP.toMillis(), TimeUnit.MILLISECONDS);
        sender.close();
    }
}
