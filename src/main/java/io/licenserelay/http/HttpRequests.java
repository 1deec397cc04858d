package io.licenserelay.http;

import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.HttpRequestListener;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

/**
 * Sends a request once, over the client of its target, without Camel: for a command that runs next to the relay, and before the routes are started.
 * Thread-safe.
 */
public final class HttpRequests implements HttpSender {
    private final HttpAnswerCheck answers;
    private final HttpRequestListener listener;

    public HttpRequests(Clock clock) {
        this(clock, HttpRequestListener.NONE);
    }

    public HttpRequests(Clock clock, HttpRequestListener listener) {
        this.answers = new HttpAnswerCheck(clock);
        this.listener = listener;
    }

    @Override
    public HttpAnswer send(HttpCall call) throws IOException {
        ClassicHttpRequest request = request(call);
        return answers.answer(call, send(call, request));
    }

    private ClassicHttpResponse send(HttpCall call, ClassicHttpRequest request) throws IOException {
        long start = System.nanoTime();
        try {
            ClassicHttpResponse response = call.target().client().executeOpen(target(request), request, null);
            listener.answered(call, response.getCode(), Duration.ofNanos(System.nanoTime() - start));
            return response;
        } catch (IOException e) {
            listener.unanswered(call, Duration.ofNanos(System.nanoTime() - start));
            throw e;
        }
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
