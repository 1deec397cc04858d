package io.licenserelay.http.failure;

import io.licenserelay.evidence.HttpExchangeRecord;
import java.io.IOException;

/** The token request got no answer, or an incomplete one, so the request that needs the token was not sent. */
public final class TokenUnanswered extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient HttpExchangeRecord exchange;

    /** @param exchange the token request, with the part of its answer that was received */
    public TokenUnanswered(HttpExchangeRecord exchange, IOException cause) {
        super(cause.getMessage(), cause);
        this.exchange = exchange;
    }

    /** The cause of the failed token request, which is more precise than this exception. */
    public static Throwable reason(IOException failure) {
        return failure instanceof TokenUnanswered && failure.getCause() != null ? failure.getCause() : failure;
    }

    HttpExchangeRecord exchange() {
        return exchange;
    }
}
