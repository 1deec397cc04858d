package io.licenserelay.ssm.token;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Site;
import io.licenserelay.http.failure.SsmRefused;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Caches one site's token. Concurrent callers share one token request. The token is kept until shortly before it expires, and is renewed at
 * most once per run when the API refuses it. {@link PasswordAttempts} decides whether a password is sent. Thread-safe.
 */
public final class TokenProvider {
    /** Concurrent requests share one refusal, so that they do not each repeat the attempt. */
    private static final Duration REFUSAL_LIFETIME = Duration.ofSeconds(30);

    private final Site site;
    private final TokenEndpoint endpoint;
    private final PasswordAttempts passwords;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable AccessToken token;
    private @Nullable SsmRefused refused;
    private Instant refusedAt = Instant.EPOCH;
    private boolean renewed;

    public TokenProvider(
            Site site, TokenEndpoint endpoint, RejectedCredentials refusals, TokenListener listener, Clock clock) {
        this.site = site;
        this.endpoint = endpoint;
        this.passwords = new PasswordAttempts(site, endpoint, refusals, listener, clock);
        this.clock = clock;
    }

    /**
     * A valid token.
     *
     * @throws TokenRefused when SSM grants no token, or when no attempt is made because an earlier one was refused
     */
    AccessToken get() throws IOException {
        lock.lock();
        try {
            Instant now = clock.instant();
            if (token != null && token.usable(now)) {
                return token;
            }
            if (refused != null && !now.isBefore(refusedAt) && now.isBefore(refusedAt.plus(REFUSAL_LIFETIME))) {
                throw refused;
            }
            token = requestToken();
            return token;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A new token after the API answered 401 to this one.
     *
     * @param expired whether the answer reports an expired token, which is not a refusal of a new one
     * @return empty if this run has already renewed its token; the 401 is then a failure of the request
     */
    Optional<AccessToken> renewed(AccessToken used, boolean expired) throws IOException {
        lock.lock();
        try {
            boolean alreadyReplaced = token != null && !used.equals(token);
            if (!alreadyReplaced) {
                if (renewed && !(expired && site.ssm().grant() == Grant.CLIENT_CREDENTIALS)) {
                    return Optional.empty();
                }
                renewed = true;
                token = null;
            }
            return Optional.of(get());
        } finally {
            lock.unlock();
        }
    }

    /** Begins a run: requests that failed in an earlier run may be tried again, and a withheld password if its rules allow it. */
    public void begin() {
        lock.lock();
        try {
            refused = null;
            renewed = false;
            passwords.begin();
        } finally {
            lock.unlock();
        }
    }

    /** Begins a run that an operator requested: even a refused password may be tried once. */
    public void beginForOperator() {
        lock.lock();
        try {
            begin();
            if (site.ssm().grant() == Grant.PASSWORD) {
                passwords.allow();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a token. It proves that the configured grant was accepted. */
    public boolean holdsToken() {
        lock.lock();
        try {
            return token != null && token.usable(clock.instant());
        } finally {
            lock.unlock();
        }
    }

    private AccessToken requestToken() throws IOException {
        if (site.ssm().grant() == Grant.PASSWORD) {
            return passwords.requestToken();
        }
        try {
            return endpoint.requestToken(Grant.CLIENT_CREDENTIALS);
        } catch (SsmRefused e) {
            refused = e;
            refusedAt = clock.instant();
            throw e;
        }
    }
}
