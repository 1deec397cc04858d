package io.licenserelay.ssm.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An access token.
 *
 * @param usableUntil shortly before the token expires; null if the server reported no lifetime, the token is then used until it is refused
 */
public record AccessToken(String value, @Nullable Instant usableUntil) {

    boolean usable(Instant now) {
        return usableUntil == null || now.isBefore(usableUntil);
    }

    @Override
    public String toString() {
        return "Token[***]";
    }
}
