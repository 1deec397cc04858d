package io.licenserelay.simulator.ssm;

/**
 * The answer of a server to a client that uses a grant for which it is not registered. The answer differs by version
 * and settings of Doorkeeper. The version of SSM On-Prem is not published.
 */
public enum WrongGrant {
    /** Doorkeeper since 2024. */
    UNAUTHORIZED_CLIENT_400(400, OAuthError.UNAUTHORIZED_CLIENT),
    /** Doorkeeper 5.5.0, as measured. */
    UNAUTHORIZED_CLIENT_401(401, OAuthError.UNAUTHORIZED_CLIENT),
    INVALID_GRANT_400(400, OAuthError.INVALID_GRANT),
    INVALID_CLIENT_401(401, OAuthError.INVALID_CLIENT);

    private final int status;
    private final OAuthError error;

    WrongGrant(int status, OAuthError error) {
        this.status = status;
        this.error = error;
    }

    int status() {
        return status;
    }

    OAuthError error() {
        return error;
    }
}
