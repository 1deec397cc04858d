package io.licenserelay.manager;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.SsmRefused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Manager refused the login of the relay's user, or it refused an earlier login and no new request was sent. */
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
