package io.licenserelay.http.failure;

import io.licenserelay.evidence.HttpExchangeRecord;
import java.io.IOException;

/**
 * A request to SSM failed, or its answer could not be read. The exception carries the request and the answer of that very request. It is
 * the only way by which a failure learns of an HTTP exchange: what another request met cannot be cited by mistake.
 */
public final class CallFailed extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient HttpCall call;
    private final transient HttpExchangeRecord exchange;

    /** @param exchange the request, with as much of its answer as came */
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
