package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.site.Grant;
import io.licenserelay.site.Resource;
import io.licenserelay.site.Site;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one site's token: one request for it at a time however many wait, kept until shortly before it expires, forgotten
 * when the API refuses it. A refused password is not tried again until {@link #allowAttempt}, or until it changes.
 * Thread-safe.
 */
final class TokenProvider {
    /** Requests that run side by side share one refusal instead of each repeating the attempt. */
    private static final Duration REFUSAL_HOLDS = Duration.ofSeconds(30);

    private static final String INVALID_GRANT = "invalid_grant";

    private final Site site;
    private final TokenEndpoint endpoint;
    private final Refusals refusals;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Token token;
    private @Nullable SsmRefused refused;
    private Instant refusedAt = Instant.EPOCH;

    TokenProvider(Site site, TokenEndpoint endpoint, Refusals refusals, Clock clock) {
        this.site = site;
        this.endpoint = endpoint;
        this.refusals = refusals;
        this.clock = clock;
    }

    /**
     * A token that may be used now.
     *
     * @throws TokenRefused when SSM grants none, or when no attempt is made because an earlier one was refused
     */
    Token get() throws IOException {
        lock.lock();
        try {
            Instant now = clock.instant();
            if (token != null && token.usable(now)) {
                return token;
            }
            if (refused != null && now.isBefore(refusedAt.plus(REFUSAL_HOLDS))) {
                throw refused;
            }
            token = ask();
            return token;
        } finally {
            lock.unlock();
        }
    }

    /** The API did not take this token; the next request asks for another. */
    void refused(Token used) {
        lock.lock();
        try {
            if (used.equals(token)) {
                token = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A new run begins: what was refused a while ago may be tried again, except a refused password. */
    void begin() {
        lock.lock();
        try {
            refused = null;
        } finally {
            lock.unlock();
        }
    }

    /** An operator asked: even a refused password may be tried once. */
    void allowAttempt() {
        begin();
        if (site.ssm().grant() == Grant.PASSWORD) {
            refusals.forget(credential(site.name(), site));
        }
    }

    /** Whether a token is at hand, as proof that the configured grant was accepted. */
    boolean holdsToken() {
        lock.lock();
        try {
            return token != null && token.usable(clock.instant());
        } finally {
            lock.unlock();
        }
    }

    private Token ask() throws IOException {
        Grant grant = site.ssm().grant();
        if (grant == Grant.PASSWORD) {
            Optional<Refusals.Refusal> earlier = refusals.of(credential(site.name(), site));
            if (earlier.isPresent()) {
                throw withheld(earlier.get());
            }
        }
        try {
            return endpoint.ask(grant);
        } catch (SsmRefused e) {
            refused = e;
            refusedAt = clock.instant();
            remember(e);
            throw e;
        }
    }

    /** What is sent for a token, under a name of its own. */
    static Refusals.Credential credential(String name, Site site) {
        Site.Client client = site.ssm().client();
        Site.User user = site.ssm().user();
        return user == null
                ? new Refusals.Credential(name, client.id(), List.of(client.secret()))
                : new Refusals.Credential(
                        name, client.id() + "\n" + user.name(), List.of(client.secret(), user.password()));
    }

    private void remember(SsmRefused e) {
        Exchanged exchange = e.exchange();
        Integer status = exchange == null ? null : exchange.status();
        if (e instanceof TokenRefused no
                && no.grant() == Grant.PASSWORD
                && no.errorType().equals("oauth." + INVALID_GRANT)) {
            refusals.remember(credential(site.name(), site), INVALID_GRANT, status == null ? 400 : status);
        }
    }

    /** The earlier answer still stands, so the diagnosis stays the same while nothing is sent. */
    private TokenRefused withheld(Refusals.Refusal earlier) {
        String url = site.ssm().url() + site.ssm().paths().getOrDefault(Resource.TOKEN, "");
        Exchanged exchange = new Exchanged("POST", url, earlier.status(), Map.of(), null, earlier.at(), Duration.ZERO);
        TokenRefused then = TokenEndpoint.refused(Grant.PASSWORD, earlier.error(), exchange);
        String phrase = "no password was sent: SSM refused it at " + earlier.at()
                + "; change the secret, or ask for a run with `license-relay sync`";
        return new TokenRefused(
                Grant.PASSWORD,
                then.errorType(),
                then.getMessage() + "; " + phrase,
                List.of(then.findings().get(0), new Finding(Findings.CREDENTIAL_WITHHELD, phrase)),
                exchange);
    }
}
