package io.licenserelay.http.failure;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM says that it cannot now: 429 or 5xx. Asking again may help. */
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

    /** What the server asked for, null when it did not. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
