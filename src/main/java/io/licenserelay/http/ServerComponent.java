package io.licenserelay.http;

import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.HttpRequestListener;
import io.licenserelay.trace.RequestSpan;
import io.licenserelay.trace.Tracing;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.http.HttpProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ObjectHelper;
import org.apache.camel.support.ProcessorEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * The endpoint {@code server:target} of a route: Camel's HTTP producer over the HTTP client of the target of the request in the variable
 * {@code call}. One endpoint serves all servers, each with its own trust, connections and limits; Camel HTTP alone would need one component
 * per server. No header crosses between route and request. Thread-safe.
 */
public final class ServerComponent extends DefaultComponent {
    /** The producer's own address, which no request goes to: each call names its address. */
    private static final String UNUSED_ADDRESS =
            "https://server.invalid?throwExceptionOnFailure=false&disableStreamCache=true";

    private final HttpAnswerCheck answers;
    private final HttpRequestListener listener;
    private final Tracing tracing;

    /**
     * @param listener observes the answer of each request
     * @param tracing records each request
     */
    public ServerComponent(HttpAnswerCheck answers, HttpRequestListener listener, Tracing tracing) {
        this.answers = answers;
        this.listener = listener;
        this.tracing = tracing;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        HttpEndpoint http = getCamelContext().getEndpoint(UNUSED_ADDRESS, HttpEndpoint.class);
        return new ProcessorEndpoint(uri, this, exchange -> send(exchange, http));
    }

    /**
     * Sends the request on a separate exchange: neither a header of the request nor one of the answer may reach the route, where the next
     * HTTP step would take {@code CamelHttpUri} for its own address.
     */
    private void send(Exchange exchange, HttpEndpoint http) throws Exception {
        HttpCall call = HttpCall.of(exchange);
        Exchange request = new DefaultExchange(exchange.getContext());
        write(call, request.getMessage());
        HttpProducer producer = new HttpProducer(http);
        String name = call.method() + " " + call.step().wireName();
        try (RequestSpan span = tracing.request(name, call.method(), call.url())) {
            send(producer, call, request, span);
        }
        exchange.getMessage().setBody(answer(call, request.getMessage()));
    }

    private void send(HttpProducer producer, HttpCall call, Exchange request, RequestSpan span) throws Exception {
        try {
            ServiceHelper.startService(producer);
            producer.setHttpClient(call.target().client());
            process(producer, call, request);
            span.answered(request.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class));
        } catch (Exception e) {
            span.failed(e);
            throw e;
        } finally {
            ServiceHelper.stopService(producer);
        }
    }

    private void process(HttpProducer producer, HttpCall call, Exchange request) throws Exception {
        long start = System.nanoTime();
        try {
            producer.process(request);
        } catch (IOException e) {
            listener.unanswered(call, Duration.ofNanos(System.nanoTime() - start));
            throw e;
        }
        listener.answered(call, status(request.getMessage()), Duration.ofNanos(System.nanoTime() - start));
    }

    private static int status(Message answer) {
        return answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    }

    private static void write(HttpCall call, Message message) {
        message.setHeader(Exchange.HTTP_METHOD, call.method());
        message.setHeader(Exchange.HTTP_URI, call.url());
        if (call.query() != null) {
            message.setHeader(Exchange.HTTP_QUERY, call.query());
        }
        call.headers().forEach(message::setHeader);
        message.setBody(call.body());
    }

    /** The body stays open: this exchange never completes, and the reader of the answer closes it. */
    private HttpAnswer answer(HttpCall call, Message message) throws IOException {
        List<Header> headers = new ArrayList<>();
        message.getHeaders().forEach((name, value) -> ObjectHelper.createIterable(value, null)
                .forEach(each -> headers.add(new BasicHeader(name, each))));
        return answers.answer(call, status(message), headers, message.getBody(InputStream.class));
    }
}
