package io.licenserelay.http;

import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request once through the HTTP client of its target. All requests go through this class: the routes call it for each attempt, and
 * a command without routes calls it directly. No header of the answer becomes a header of the Camel message. Thread-safe.
 */
public final class HttpRequests implements HttpSender, Processor {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRequests.class);

    private final HttpAnswerCheck answers;

    public HttpRequests(Clock clock) {
        this.answers = new HttpAnswerCheck(clock);
    }

    /** Sends the call of the exchange. The answer becomes the body. */
    @Override
    public void process(Exchange exchange) throws IOException {
        exchange.getMessage().setBody(send(HttpCall.of(exchange)));
    }

    @Override
    public HttpAnswer send(HttpCall call) throws IOException {
        ClassicHttpRequest request = request(call);
        long began = System.nanoTime();
        ClassicHttpResponse response = call.target().client().executeOpen(target(request), request, null);
        LOG.debug(
                "{}: {} {} answered {} after {} ms",
                call.site().name(),
                call.method(),
                call.url(),
                response.getCode(),
                (System.nanoTime() - began) / 1_000_000);
        return answers.answer(call, response);
    }

    private static HttpHost target(ClassicHttpRequest request) throws IOException {
        try {
            return RoutingSupport.determineHost(request);
        } catch (HttpException noHost) {
            throw new IOException("the address of a request has no host", noHost);
        }
    }

    private static ClassicHttpRequest request(HttpCall call) {
        String query = call.query() == null ? "" : "?" + call.query();
        ClassicRequestBuilder request =
                ClassicRequestBuilder.create(call.method()).setUri(call.url() + query);
        call.headers().forEach(request::setHeader);
        return request.setEntity(call.body()).build();
    }
}
