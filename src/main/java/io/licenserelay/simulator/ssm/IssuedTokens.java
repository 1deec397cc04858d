package io.licenserelay.simulator.ssm;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The access tokens given out. Safe for use by many threads. */
final class IssuedTokens {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;
    private final Duration lifetime;
    private final Map<String, Issued> issued = new ConcurrentHashMap<>();

    private record Issued(ApiClient client, Instant expires) {}

    /** What a bearer token is worth; the client is null when it is refused. */
    record Checked(@Nullable ApiClient client, String refusal) {}

    IssuedTokens(Clock clock, Duration lifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
    }

    String issue(ApiClient client) {
        Instant now = clock.instant();
        issued.values().removeIf(token -> token.expires.plus(lifetime).isBefore(now));
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        issued.put(token, new Issued(client, now.plus(lifetime)));
        return token;
    }

    Checked check(@Nullable String authorization) {
        String scheme = "Bearer ";
        if (authorization == null || !authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return new Checked(null, OAuthError.INVALID_TOKEN.description());
        }
        Issued token = issued.get(authorization.substring(scheme.length()).strip());
        if (token == null) {
            return new Checked(null, OAuthError.INVALID_TOKEN.description());
        }
        if (!clock.instant().isBefore(token.expires)) {
            return new Checked(null, "The access token expired");
        }
        return new Checked(token.client, "");
    }

    void revokeAll() {
        issued.clear();
    }

    Instant now() {
        return clock.instant();
    }

    Duration lifetime() {
        return lifetime;
    }
}
