package io.licenserelay.http;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/** Asks the circuit breaker of a request's target, where it has one. Each {@link #admit} is followed by one {@link #record}. Thread-safe. */
public final class CircuitBreakers {

    /**
     * An attempt begins.
     *
     * @throws CallNotPermittedException while the breaker of the target is open
     * @throws IOException when no further request may be sent to the target
     */
    public void admit(HttpCall call) throws IOException {
        call.target().checkGoing();
        call.target().breaker().ifPresent(breaker -> breaker.acquirePermission());
        call.beginAttempt();
    }

    /**
     * The attempt ended: with an answer as the body, perhaps a refusal, or with the exception that Camel caught. One that was not admitted
     * counts for nothing.
     */
    public void record(Exchange exchange) {
        HttpCall call = HttpCall.of(exchange);
        call.endAttempt().ifPresent(took -> call.target().breaker().ifPresent(breaker -> {
            if (exchange.getMessage().getBody() instanceof HttpAnswer) {
                breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
            } else {
                Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
                breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, thrown);
            }
        }));
    }
}
