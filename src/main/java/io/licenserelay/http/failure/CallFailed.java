package io.licenserelay.http.failure;

import io.licenserelay.evidence.HttpExchangeRecord;
import java.io.IOException;

/**
 * A request failed, or its answer could not be read. The exception carries the request and its own answer. A failure takes its HTTP
 * exchange only from this exception, so it cannot cite another request by mistake.
 */
public final class CallFailed extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient HttpCall call;
    private final transient HttpExchangeRecord exchange;

    /** @param exchange the request, with the part of its answer that was received */
    public CallFailed(HttpCall call, HttpExchangeRecord exchange, Throwable cause) {
        super(cause.getMessage(), cause);
        this.call = call;
        this.exchange = exchange;
    }

    public HttpCall call() {
        return call;
    }

    HttpExchangeRecord exchange() {
        return exchange;
    }
}
