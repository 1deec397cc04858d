package io.licenserelay.ssm.token;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.ssm.token.RejectedCredentials.Kind;
import io.licenserelay.ssm.token.RejectedCredentials.Refusal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests a token with a user's password, and decides whether the password may be sent. Servers evaluate the password before they reject
 * the client, so every refusal counts against the account:
 *
 * <ul>
 *   <li>Within a run, a failed attempt is not repeated.
 *   <li>After a refusal the password is withheld until the credential changes, an operator requests an attempt, or a request without the
 *     password gets a different answer than at the time of the refusal.
 *   <li>After an outage one attempt follows once a request without the password is answered, otherwise one per day.
 * </ul>
 *
 * <p>Not thread-safe: the token provider calls it under its lock.
 */
public final class PasswordAttempts {
    private static final Duration ONE_PER_DAY = Duration.ofHours(24);

    private final Site site;
    private final TokenEndpoint endpoint;
    private final RejectedCredentials refusals;
    private final PasswordAttemptLog attempts;
    private final TokenListener listener;
    private final Clock clock;
    private @Nullable IOException failed;
    private @Nullable Optional<String> probed;
    private boolean allowed;

    PasswordAttempts(
            Site site, TokenEndpoint endpoint, RejectedCredentials refusals, TokenListener listener, Clock clock) {
        this.site = site;
        this.endpoint = endpoint;
        this.refusals = refusals;
        this.attempts = new PasswordAttemptLog(refusals, clock);
        this.listener = listener;
        this.clock = clock;
    }

    /** Begins a run. */
    void begin() {
        failed = null;
        probed = null;
        allowed = false;
    }

    /** Allows one attempt in this run, whatever the earlier result: an operator requested it. */
    void allow() {
        begin();
        allowed = true;
    }

    /**
     * Sends the password at most once.
     *
     * @throws TokenRefused when the password is refused, or withheld because it was refused before
     * @throws IOException when no answer was received, or an earlier attempt of this run failed
     */
    AccessToken requestToken() throws IOException {
        if (failed != null) {
            throw failed;
        }
        try {
            Optional<Refusal> earlier = refusals.of(credential());
            // The probe also determines the endpoint's path, which must not cost a password attempt.
            Optional<String> probe = probe();
            if (earlier.isPresent() && !allowed && !mayTry(earlier.get(), probe.orElse(null), clock.instant())) {
                listener.withheld(site);
                throw withheld(withCurrentProbe(earlier.get(), probe));
            }
            return attempts.make(credential(), probe.orElse(null), () -> endpoint.requestToken(Grant.PASSWORD));
        } catch (IOException e) {
            failed = e;
            throw e;
        }
    }

    /**
     * Whether another attempt is due.
     *
     * @param probe the class of answer to a current request without the password, or null if it gets no answer
     */
    public static boolean mayTry(Refusal earlier, @Nullable String probe, Instant now) {
        if (earlier.kind() == Kind.REFUSAL) {
            return probe != null && earlier.probe() != null && !probe.equals(earlier.probe());
        }
        return probe != null || !now.isBefore(earlier.at().plus(ONE_PER_DAY));
    }

    /** Adds the current probe result to a refusal that was stored before any probe was answered. */
    private Refusal withCurrentProbe(Refusal earlier, Optional<String> probe) {
        if (earlier.kind() == Kind.REFUSAL && earlier.probe() == null && probe.isPresent()) {
            Refusal completed = earlier.withProbe(probe.get());
            refusals.remember(credential(), completed);
            return completed;
        }
        return earlier;
    }

    /** Sends a request without the password, once per run. Empty if there is no answer about the client. */
    private Optional<String> probe() {
        Optional<String> known = probed;
        if (known == null) {
            known = Optional.ofNullable(probeAsClient());
            probed = known;
        }
        return known;
    }

    private @Nullable String probeAsClient() {
        try {
            endpoint.requestToken(Grant.CLIENT_CREDENTIALS);
            return "accepted";
        } catch (IOException e) {
            Refusal answer = PasswordAttemptLog.outcome(e, clock.instant());
            return answer.kind() == Kind.REFUSAL ? answer.error() : null;
        }
    }

    private SsmException withheld(Refusal earlier) {
        String url = site.ssm().url() + site.ssm().paths().getOrDefault(Resource.TOKEN, "");
        Integer status = earlier.status() == 0 ? null : earlier.status();
        HttpExchangeRecord exchange =
                new HttpExchangeRecord("POST", url, status, Map.of(), null, earlier.at(), Duration.ZERO);
        if (earlier.kind() != Kind.REFUSAL) {
            String phrase =
                    "no password was sent: the attempt at " + earlier.at() + " got no answer about the password ("
                            + earlier.error() + "), and a request without the password gets none now";
            return new SsmException(
                            earlier.error().replace(' ', '-'),
                            phrase,
                            List.of(new Finding(Findings.CREDENTIAL_WITHHELD_IN_OUTAGE, phrase)),
                            exchange)
                    .atToken();
        }
        String phrase = "no password was sent: SSM refused it at " + earlier.at()
                + "; change the user's password or the client's secret, or run `license-relay sync --site "
                + site.name()
                + "`";
        if (!earlier.error().startsWith("oauth.")) {
            return new SsmException(
                            earlier.error(),
                            phrase,
                            List.of(new Finding(Findings.CREDENTIAL_WITHHELD, phrase)),
                            exchange)
                    .atToken();
        }
        String error = earlier.error().substring("oauth.".length());
        TokenRefused originalRefusal = TokenAnswer.refused(Grant.PASSWORD, error, error, exchange);
        return new TokenRefused(
                Grant.PASSWORD,
                originalRefusal.errorType(),
                originalRefusal.getMessage() + "; " + phrase,
                List.of(originalRefusal.findings().get(0), new Finding(Findings.CREDENTIAL_WITHHELD, phrase)),
                exchange);
    }

    private RejectedCredentials.Credential credential() {
        return credential("ssm", site);
    }

    /**
     * The credential of a token request. Sites with the same server, user and client share it.
     *
     * @param kind the kind of sender; it separates senders that remember different answers
     */
    public static RejectedCredentials.Credential credential(String kind, Site site) {
        Site.Ssm ssm = site.ssm();
        Site.User user = ssm.user();
        String identity = String.join(
                "\n",
                ssm.url().toString(),
                ssm.paths().getOrDefault(Resource.TOKEN, ""),
                String.valueOf(ssm.proxy()),
                ssm.client().id(),
                user == null ? "" : user.name());
        return new RejectedCredentials.Credential(
                site.name(),
                kind + " " + RejectedCredentials.digest(identity),
                identity,
                user == null
                        ? List.of(ssm.client().secret())
                        : List.of(ssm.client().secret(), user.password()));
    }
}
