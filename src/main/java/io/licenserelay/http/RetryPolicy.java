package io.licenserelay.http;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmUnavailable;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/** Decides whether a failed request is repeated. Waits as long as the server requested, up to a limit. */
public final class RetryPolicy implements Processor {
    /** Whether a repetition is safe and may succeed. */
    public boolean mayRepeat(Exchange exchange) {
        // An answer that exceeded a limit would exceed it again. The cause may be an exception about the connection,
        // because the relay closed it.
        boolean isBadAnswer = ObjectHelper.getException(BadAnswer.class, thrownBy(exchange)) != null;
        SsmUnavailable unavailable = unavailable(exchange);
        HttpExchangeRecord answeredExchange = unavailable == null ? null : unavailable.exchange();
        return !isBadAnswer
                && HttpCall.of(exchange)
                        .repeat()
                        .mayFollow(answeredExchange == null ? null : answeredExchange.status(), pause(exchange));
    }

    /** Sets the pause before the next attempt if the server requested one. The breaker may still reject that attempt. */
    @Override
    public void process(Exchange exchange) {
        Exception thrown = thrownBy(exchange);
        // Camel also calls this for an attempt that the breaker rejected. The attempt before it has the reason.
        if (ObjectHelper.getException(CallNotPermittedException.class, thrown) == null) {
            HttpCall.of(exchange).attemptFailed(thrown);
        }
        Duration pause = pause(exchange);
        if (!pause.isZero()) {
            exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, pause.toMillis());
        }
    }

    private static Duration pause(Exchange exchange) {
        SsmUnavailable unavailable = unavailable(exchange);
        Duration retryAfter = unavailable == null ? null : unavailable.retryAfter();
        return retryAfter == null ? Duration.ZERO : retryAfter;
    }

    private static @Nullable SsmUnavailable unavailable(Exchange exchange) {
        return ObjectHelper.getException(SsmUnavailable.class, thrownBy(exchange));
    }

    private static Exception thrownBy(Exchange exchange) {
        Exception caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        return caught == null ? exchange.getException() : caught;
    }
}
