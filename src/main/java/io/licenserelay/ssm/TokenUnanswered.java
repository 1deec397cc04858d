package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import java.io.IOException;

/** The request for a token got no answer, or one that broke off, so the request that needs the token was not sent. */
final class TokenUnanswered extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Exchanged exchange;

    /** @param exchange the request for the token, with as much of its answer as came */
    TokenUnanswered(Exchanged exchange, IOException cause) {
        super(cause.getMessage(), cause);
        this.exchange = exchange;
    }

    /** What broke the request: its name says more than this exception. */
    static Throwable reason(IOException failure) {
        return failure instanceof TokenUnanswered && failure.getCause() != null ? failure.getCause() : failure;
    }

    Exchanged exchange() {
        return exchange;
    }
}
