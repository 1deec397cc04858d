package io.licenserelay.app.trace;

import io.licenserelay.trace.RequestSpan;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.net.URI;

/** A request by the semantic conventions of HTTP clients, without the URL: a path may contain names of accounts. */
final class HttpSpan implements RequestSpan {
    private static final String ERROR_TYPE = "error.type";
    private static final int FIRST_ERROR = 400;

    private final Span span;
    private final Scope scope;

    /** The scope is closed with this span, which its caller closes. */
    @SuppressWarnings("MustBeClosedChecker")
    private HttpSpan(Span span) {
        this.span = span;
        this.scope = span.makeCurrent();
    }

    /** Without a span outside of a trace: a timer between runs would begin a trace for each of its requests. */
    static RequestSpan begin(Tracer tracer, String name, String method, String url) {
        if (!Span.current().getSpanContext().isValid()) {
            return RequestSpan.NONE;
        }
        URI address = URI.create(url);
        Span span = tracer.spanBuilder(name)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("http.request.method", method)
                .setAttribute("server.address", String.valueOf(address.getHost()))
                .setAttribute("server.port", (long) port(address))
                .startSpan();
        return new HttpSpan(span);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "http".equals(address.getScheme()) ? 80 : 443;
    }

    @Override
    public void answered(int status) {
        span.setAttribute("http.response.status_code", (long) status);
        if (status >= FIRST_ERROR) {
            span.setAttribute(ERROR_TYPE, Integer.toString(status));
            span.setStatus(StatusCode.ERROR);
        }
    }

    @Override
    public void failed(Exception why) {
        span.setAttribute(ERROR_TYPE, why.getClass().getName());
        span.setStatus(StatusCode.ERROR);
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
