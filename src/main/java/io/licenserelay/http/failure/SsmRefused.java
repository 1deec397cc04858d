package io.licenserelay.http.failure;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM answered and refused this request: a 4xx status, or a token that it did not grant. Other requests may still succeed. */
public class SsmRefused extends SsmException {
    private static final long serialVersionUID = 1L;

    public SsmRefused(String errorType, String message, List<Finding> findings, @Nullable HttpExchangeRecord exchange) {
        super(errorType, message, findings, exchange);
    }

    /** Whether the server rejected a user's password, or the client that sent it. */
    public boolean isAboutPassword() {
        return false;
    }
}
