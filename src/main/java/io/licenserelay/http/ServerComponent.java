package io.licenserelay.http;

import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import java.io.InputStream;
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

/**
 * The endpoint {@code server:target} of a route: Camel's HTTP producer over the HTTP client of the target of the request in the variable
 * {@code call}. One endpoint serves all servers, each with its own trust, connections and limits; Camel HTTP alone would need one component
 * per server. No header of an answer remains on the message. Thread-safe.
 */
public final class ServerComponent extends DefaultComponent {
    /** Camel counts its retries in these headers: without them it repeats a request for ever. */
    private static final String RETRIES = "CamelRedeliver*";

    /** The producer's own address, which no request goes to: each call names its address. */
    private static final String NOWHERE =
            "https://server.invalid?throwExceptionOnFailure=false&disableStreamCache=true";

    private final HttpAnswerCheck answers;

    public ServerComponent(HttpAnswerCheck answers) {
        this.answers = answers;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        HttpEndpoint http = getCamelContext().getEndpoint(NOWHERE, HttpEndpoint.class);
        return new ProcessorEndpoint(uri, this, exchange -> send(exchange, http));
    }

    private void send(Exchange exchange, HttpEndpoint http) throws Exception {
        HttpCall call = HttpCall.of(exchange);
        write(call, exchange.getMessage());
        HttpProducer producer = new HttpProducer(http);
        try {
            ServiceHelper.startService(producer);
            producer.setHttpClient(call.target().client());
            producer.process(exchange);
            receive(call, exchange);
        } finally {
            ServiceHelper.stopService(producer);
        }
    }

    private static void write(HttpCall call, Message message) {
        message.removeHeaders("*", RETRIES);
        message.setHeader(Exchange.HTTP_METHOD, call.method());
        message.setHeader(Exchange.HTTP_URI, call.url());
        if (call.query() != null) {
            message.setHeader(Exchange.HTTP_QUERY, call.query());
        }
        call.headers().forEach(message::setHeader);
        message.setBody(call.body());
    }

    private void receive(HttpCall call, Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        SafeHeaders headers = new SafeHeaders();
        message.getHeaders().forEach((name, value) -> {
            if (value != null) {
                headers.add(name, value);
            }
        });
        Object cookies = message.getHeader("Set-Cookie");
        // None of them may outlive a bad answer either.
        message.removeHeaders("*", RETRIES);
        InputStream body = message.getBody(InputStream.class);
        HttpAnswer answer =
                answers.answer(call, status, headers.kept().getOrDefault("content-type", ""), headers.kept(), body);
        ObjectHelper.createIterable(cookies, null).forEach(cookie -> answer.addCookie(String.valueOf(cookie)));
        releaseCompletion(exchange);
        message.setBody(answer);
    }

    /** Camel would close the answer when the exchange ends, and a run reads thousands of them; who reads the answer closes it. */
    private static void releaseCompletion(Exchange exchange) {
        exchange.getUnitOfWork()
                .handoverSynchronization(
                        new DefaultExchange(exchange.getContext()),
                        each -> each.getClass().getName().startsWith(HttpProducer.class.getName()));
    }
}
