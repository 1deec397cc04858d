package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import java.io.IOException;

/**
 * A request to SSM failed, or its answer could not be read. The exception carries the request and the answer of that very request. It is
 * the only way by which a failure learns of an HTTP exchange: what another request met cannot be cited by mistake.
 */
public final class CallFailed extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient SsmCall call;
    private final transient Exchanged exchange;

    /** @param exchange the request, with as much of its answer as came */
    CallFailed(SsmCall call, Exchanged exchange, Throwable cause) {
        super(cause.getMessage(), cause);
        this.call = call;
        this.exchange = exchange;
    }

    SsmCall call() {
        return call;
    }

    Exchanged exchange() {
        return exchange;
    }
}
