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

/** Decides whether a failed request is made again, and waits as long as the server asked, within reason. */
public final class RetryPolicy implements Processor {
    /** Whether asking again is safe and may help. */
    public boolean mayRepeat(Exchange exchange) {
        // An answer that passes a bound passes it again, and its cause may be the connection that was cut for it.
        boolean bad = ObjectHelper.getException(BadAnswer.class, thrown(exchange)) != null;
        SsmUnavailable unavailable = unavailable(exchange);
        HttpExchangeRecord answered = unavailable == null ? null : unavailable.exchange();
        return !bad
                && HttpCall.of(exchange)
                        .repeat()
                        .mayFollow(answered == null ? null : answered.status(), pause(exchange));
    }

    /** Sets the pause before the next try when the server named one; the breaker may not let that try happen. */
    @Override
    public void process(Exchange exchange) {
        Exception thrown = thrown(exchange);
        // Camel calls this for a try that the breaker rejected as well; why is known from the one before.
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
        return ObjectHelper.getException(SsmUnavailable.class, thrown(exchange));
    }

    private static Exception thrown(Exchange exchange) {
        Exception caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        return caught == null ? exchange.getException() : caught;
    }
}
