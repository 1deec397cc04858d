package io.licenserelay.http;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.licenserelay.http.failure.HttpCall;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the circuit breaker of a request's target, if the target has one. Each {@link #admit} is followed by one {@link #record}.
 * Thread-safe.
 */
public final class CircuitBreakers {
    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreakers.class);

    /**
     * Requests permission for an attempt and starts its timer.
     *
     * @throws CallNotPermittedException while the breaker of the target is open
     * @throws IOException when no further request may be sent to the target
     */
    public void admit(HttpCall call) throws IOException {
        call.target().checkSendingAllowed();
        call.target().breaker().ifPresent(breaker -> breaker.acquirePermission());
        call.beginAttempt();
    }

    /**
     * Records the result of the attempt: an answer as the body, which may be a refusal, or the exception that Camel caught. An attempt that
     * was not admitted is not counted.
     */
    public void record(Exchange exchange) {
        HttpCall call = HttpCall.of(exchange);
        HttpAnswer answer = exchange.getMessage().getBody() instanceof HttpAnswer httpAnswer ? httpAnswer : null;
        call.endAttempt().ifPresent(took -> {
            LOG.debug(
                    "{}: {} {} answered {} after {} ms",
                    call.site().name(),
                    call.method(),
                    call.url(),
                    answer == null ? "nothing usable" : answer.status(),
                    took.toMillis());
            call.target().breaker().ifPresent(breaker -> record(breaker, answer, took, exchange));
        });
    }

    private static void record(CircuitBreaker breaker, @Nullable HttpAnswer answer, Duration took, Exchange exchange) {
        if (answer != null) {
            breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
            breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, thrown);
        }
    }
}
