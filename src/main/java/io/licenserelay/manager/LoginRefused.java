package io.licenserelay.manager;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.SsmRefused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Manager does not let our user in, or did not before and was not asked again. */
public final class LoginRefused extends SsmRefused {
    private static final long serialVersionUID = 1L;

    LoginRefused(String message, @Nullable HttpExchangeRecord exchange) {
        super(
                Findings.MANAGER_LOGIN_REFUSED,
                message,
                List.of(new Finding(Findings.MANAGER_LOGIN_REFUSED, message)),
                exchange);
    }

    @Override
    public boolean isAboutPassword() {
        return true;
    }
}
