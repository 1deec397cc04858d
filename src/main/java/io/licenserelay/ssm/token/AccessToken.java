package io.licenserelay.ssm.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An access token.
 *
 * @param usableUntil shortly before it expires; null when the server did not say, then it is used until it is refused
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
