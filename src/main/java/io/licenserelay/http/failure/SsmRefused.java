package io.licenserelay.http.failure;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM is there and refuses this request: a 4xx, or a token that is not granted. It says nothing about other requests. */
public class SsmRefused extends SsmException {
    private static final long serialVersionUID = 1L;

    public SsmRefused(String errorType, String message, List<Finding> findings, @Nullable HttpExchangeRecord exchange) {
        super(errorType, message, findings, exchange);
    }

    /** Whether the server judged a user's password, or the client that sent it, and did not let it in. */
    public boolean isAboutPassword() {
        return false;
    }
}
