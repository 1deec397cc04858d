package io.licenserelay.ssm;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.failure.HttpCall;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * The circuit breakers of all sites, one per SSM. Each {@link #admit} is followed by one {@link #record}.
 * Thread-safe.
 */
public final class SsmBreakers {
    private final SsmServers servers;

    public SsmBreakers(SsmServers servers) {
        this.servers = servers;
    }

    /**
     * An attempt begins.
     *
     * @throws CallNotPermittedException while the breaker of the call's SSM is open
     */
    public void admit(HttpCall call) {
        of(call).acquirePermission();
        call.beginAttempt();
    }

    /**
     * The attempt ended: with an answer as the body, perhaps a refusal, or with the exception that Camel caught. One that was not admitted
     * counts for nothing.
     */
    public void record(Exchange exchange) {
        HttpCall call = HttpCall.of(exchange);
        call.endAttempt().ifPresent(took -> {
            if (exchange.getMessage().getBody() instanceof HttpAnswer) {
                of(call).onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
            } else {
                Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
                of(call).onError(took.toNanos(), TimeUnit.NANOSECONDS, thrown);
            }
        });
    }

    private CircuitBreaker of(HttpCall call) {
        return servers.of(call.site().name()).breaker();
    }
}
