package io.licenserelay.simulator.ssm;

import java.util.Arrays;
import java.util.Locale;

/** Errors of RFC 6749 and 6750 with Doorkeeper's wording (its {@code config/locales/en.yml}). */
enum OAuthError {
    INVALID_CLIENT(
            401,
            "Client authentication failed due to unknown client, no client authentication included, or unsupported"
                    + " authentication method."),
    INVALID_GRANT(
            400,
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in"
                    + " the authorization request, or was issued to another client."),
    UNAUTHORIZED_CLIENT(400, "The client is not authorized to perform this request using this method."),
    UNSUPPORTED_GRANT_TYPE(400, "The authorization grant type is not supported by the authorization server."),
    INVALID_REQUEST(400, "Missing required parameter: grant_type."),
    INVALID_SCOPE(400, "The requested scope is invalid, unknown, or malformed."),
    INVALID_TOKEN(401, "The access token is invalid");

    private final int status;
    private final String description;

    OAuthError(int status, String description) {
        this.status = status;
        this.description = description;
    }

    int status() {
        return status;
    }

    String description() {
        return description;
    }

    /** The name of the error in answers. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns Doorkeeper's description of an error, or an empty string for an unknown error. */
    static String describe(String wireName) {
        return Arrays.stream(values())
                .filter(error -> error.wireName().equals(wireName))
                .map(OAuthError::description)
                .findFirst()
                .orElse("");
    }
}
