package io.licenserelay.ssm;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;

/** Decides whether a failed request is made again, and waits as long as the server asked, within reason. */
public final class Retries implements Processor {
    /** A server that wants a longer pause gets it: the run ends, and the next one comes on schedule. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Whether asking again is safe and may help. */
    public boolean mayRepeat(Exchange exchange) {
        return Boolean.TRUE.equals(exchange.getProperty(SsmRequests.REPEATABLE))
                && pause(exchange).compareTo(LONGEST_PAUSE) <= 0;
    }

    /** Sets the pause before the next try when the server named one. */
    @Override
    public void process(Exchange exchange) {
        Duration pause = pause(exchange);
        if (!pause.isZero()) {
            exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, pause.toMillis());
        }
    }

    private static Duration pause(Exchange exchange) {
        Exception cause = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        Exception thrown = cause == null ? exchange.getException() : cause;
        if (thrown instanceof SsmUnavailable unavailable && unavailable.retryAfter() != null) {
            return unavailable.retryAfter();
        }
        return Duration.ZERO;
    }
}
