package io.licenserelay.simulator.ssm;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The access tokens that were issued. Safe for use by many threads. */
final class IssuedTokens {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;
    private final Duration lifetime;
    private final Map<String, IssuedToken> tokens = new ConcurrentHashMap<>();

    private record IssuedToken(ApiClient client, Instant expires) {}

    /** The result of a token check. The client is null if the token is rejected. */
    record TokenCheck(@Nullable ApiClient client, String rejection) {}

    IssuedTokens(Clock clock, Duration lifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
    }

    String issue(ApiClient client) {
        Instant now = clock.instant();
        tokens.values().removeIf(token -> token.expires.plus(lifetime).isBefore(now));
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        tokens.put(token, new IssuedToken(client, now.plus(lifetime)));
        return token;
    }

    TokenCheck check(@Nullable String authorization) {
        String scheme = "Bearer ";
        if (authorization == null || !authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return new TokenCheck(null, OAuthError.INVALID_TOKEN.description());
        }
        IssuedToken token = tokens.get(authorization.substring(scheme.length()).strip());
        if (token == null) {
            return new TokenCheck(null, OAuthError.INVALID_TOKEN.description());
        }
        if (!clock.instant().isBefore(token.expires)) {
            return new TokenCheck(null, "The access token expired");
        }
        return new TokenCheck(token.client, "");
    }

    void revokeAll() {
        tokens.clear();
    }

    Instant now() {
        return clock.instant();
    }

    Duration lifetime() {
        return lifetime;
    }
}
