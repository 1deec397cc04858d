package io.licenserelay.http.failure;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM is temporarily unavailable: it answered 429 or 5xx. A repetition may succeed. */
public final class SsmUnavailable extends SsmException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration retryAfter;

    public SsmUnavailable(
            String errorType,
            String message,
            List<Finding> findings,
            @Nullable HttpExchangeRecord exchange,
            @Nullable Duration retryAfter) {
        super(errorType, message, findings, exchange);
        this.retryAfter = retryAfter;
    }

    /** The pause that the server requested, or null if it requested none. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
