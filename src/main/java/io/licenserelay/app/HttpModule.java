package io.licenserelay.app;

import io.licenserelay.http.CircuitBreakers;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.RetryPolicy;
import io.licenserelay.http.RouteSender;
import io.licenserelay.http.ServerComponent;
import io.licenserelay.http.failure.HttpRequestListener;
import io.licenserelay.trace.Tracing;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** Builds everything that sends HTTP requests, independent of the server. */
final class HttpModule {
    private final Tracing tracing;
    private final Clock clock;
    private final HttpRequestListener listener;
    private final HttpRequests requests;
    private final RouteSender sender;

    HttpModule(Tracing tracing, Clock clock, HttpRequestListener listener) {
        this.tracing = tracing;
        this.clock = clock;
        this.listener = listener;
        this.requests = new HttpRequests(clock, listener);
        this.sender = new RouteSender(requests);
    }

    /** Binds the beans that build and check a request. */
    void bind(Main main) {
        HttpAnswerCheck answers = new HttpAnswerCheck(clock);
        main.bind("server", new ServerComponent(answers, listener, tracing));
        main.bind("httpAnswers", answers);
        main.bind("httpBreakers", new CircuitBreakers());
        main.bind("retries", new RetryPolicy());
    }

    /** Sets the started context. */
    void use(CamelContext started) {
        sender.use(started);
    }

    /** The sender for sessions with a Manager or a device, and for token requests. */
    HttpSender sender() {
        return sender;
    }
}
