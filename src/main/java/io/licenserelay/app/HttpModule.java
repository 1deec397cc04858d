package io.licenserelay.app;

import io.licenserelay.http.CircuitBreakers;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.RetryPolicy;
import io.licenserelay.http.RouteSender;
import io.licenserelay.http.ServerComponent;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** What sending requests takes, whatever the server, put together. */
final class HttpModule {
    private final Clock clock;
    private final HttpRequests requests;
    private final RouteSender sender;

    HttpModule(Clock clock) {
        this.clock = clock;
        this.requests = new HttpRequests(clock);
        this.sender = new RouteSender(requests);
    }

    /** Gives the routes what makes and checks a request. */
    void bind(Main main) {
        main.bind("server", new ServerComponent(new HttpAnswerCheck(clock)));
        main.bind("httpAnswers", new HttpAnswerCheck(clock));
        main.bind("httpBreakers", new CircuitBreakers());
        main.bind("retries", new RetryPolicy());
    }

    /** The routes are started. */
    void use(CamelContext started) {
        sender.use(started);
    }

    /** For sessions. */
    HttpSender sender() {
        return sender;
    }
}
