package io.licenserelay.ssm.token;

import io.licenserelay.config.site.Grant;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.SsmRefused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSM refused to grant a token. */
public final class TokenRefused extends SsmRefused {
    private static final long serialVersionUID = 1L;

    private final Grant grant;

    public TokenRefused(
            Grant grant,
            String errorType,
            String message,
            List<Finding> findings,
            @Nullable HttpExchangeRecord exchange) {
        super(errorType, message, findings, exchange);
        this.grant = grant;
        atToken();
    }

    @Override
    public boolean isAboutPassword() {
        return true;
    }

    public Grant grant() {
        return grant;
    }
}
