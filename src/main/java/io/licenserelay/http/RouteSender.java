package io.licenserelay.http;

import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests through the route {@code http-request}. While the routes are not started or are stopping, it sends requests directly: a
 * logout must reach the server then too. Thread-safe.
 */
public final class RouteSender implements HttpSender {
    /** The endpoint of the route. */
    public static final String ROUTE = "direct:http-request";

    private final HttpSender direct;
    private volatile @Nullable ProducerTemplate template;

    public RouteSender(HttpSender direct) {
        this.direct = direct;
    }

    /** Sends later requests through the routes of this context. */
    public void use(CamelContext context) {
        template = context.createProducerTemplate();
    }

    @Override
    public HttpAnswer send(HttpCall call) throws IOException {
        ProducerTemplate routes = template;
        if (routes == null || !routes.getCamelContext().isStarted()) {
            return direct.send(call);
        }
        Exchange exchange =
                routes.request(ROUTE, toRoute -> toRoute.getMessage().setBody(call));
        Exception failed = exchange.getException();
        if (failed instanceof IOException noAnswer) {
            throw noAnswer;
        }
        if (failed instanceof RuntimeException broken) {
            throw broken;
        }
        if (failed != null) {
            throw new IOException("the request to " + call.url() + " was aborted", failed);
        }
        return exchange.getMessage().getBody(HttpAnswer.class);
    }
}
