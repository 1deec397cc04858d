package io.licenserelay.http.failure;

import io.licenserelay.evidence.HttpExchangeRecord;
import java.io.IOException;

/** The request for a token got no answer, or one that broke off, so the request that needs the token was not sent. */
public final class TokenUnanswered extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient HttpExchangeRecord exchange;

    /** @param exchange the request for the token, with as much of its answer as came */
    public TokenUnanswered(HttpExchangeRecord exchange, IOException cause) {
        super(cause.getMessage(), cause);
        this.exchange = exchange;
    }

    /** What broke the request: its name says more than this exception. */
    public static Throwable reason(IOException failure) {
        return failure instanceof TokenUnanswered && failure.getCause() != null ? failure.getCause() : failure;
    }

    HttpExchangeRecord exchange() {
        return exchange;
    }
}
