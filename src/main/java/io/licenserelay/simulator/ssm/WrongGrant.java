package io.licenserelay.simulator.ssm;

/**
 * The answer of a server to a client that uses a grant for which it is not registered. Versions and settings of Doorkeeper
 * differ; which one SSM On-Prem has is not published.
 */
public enum WrongGrant {
    /** Doorkeeper as of 2024 and later. */
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
