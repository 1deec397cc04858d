package io.licenserelay.http;

import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests through the route {@code http-request}. Before the routes are started and while they stop, a request is sent without
 * them: a logout must reach the server then as well. Thread-safe.
 */
public final class RouteSender implements HttpSender {
    /** Where the route begins. */
    public static final String ROUTE = "direct:http-request";

    private final HttpSender direct;
    private volatile @Nullable ProducerTemplate template;

    public RouteSender(HttpSender direct) {
        this.direct = direct;
    }

    /** From now on requests go through the routes of the context. */
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
            throw new IOException("the request to " + call.url() + " was broken off", failed);
        }
        return exchange.getMessage().getBody(HttpAnswer.class);
    }
}
