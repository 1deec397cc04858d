package io.licenserelay.http;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * Applies the circuit breaker of a request's target, if the target has one. Each {@link #admit} is followed by one {@link #record}.
 * Thread-safe.
 */
public final class CircuitBreakers {

    /**
     * Requests permission for an attempt and starts its timer.
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
     * Records the result of the attempt: an answer as the body, which may be a refusal, or the exception that Camel caught. An attempt that
     * was not admitted is not counted.
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
