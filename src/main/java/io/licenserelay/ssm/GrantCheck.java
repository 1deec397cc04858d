package io.licenserelay.ssm;

import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.ServerClient;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.TokenUnanswered;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.json.ApiFingerprint;
import io.licenserelay.ssm.token.AccessToken;
import io.licenserelay.ssm.token.PasswordAttemptLog;
import io.licenserelay.ssm.token.PasswordAttempts;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.ssm.token.TokenEndpoint;
import io.licenserelay.ssm.token.TokenListener;
import io.licenserelay.ssm.token.TokenRefused;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks how SSM treats another API client than the site's own: it requests a token with both grants, and a list with the token. The user's
 * password is sent only once, until the remembered result expires. Thread-safe.
 */
public final class GrantCheck implements AutoCloseable {
    private static final String ACCEPTED = "accepted";
    private static final String INVALID_GRANT = "invalid_grant";
    private static final String LIST = "list";

    /** Names of details. The names of the grants contain "password", so redaction would remove their values. */
    static final String AS_CLIENT = "asClient";

    static final String AS_USER = "asUser";

    private final Site site;
    private final RejectedCredentials.Credential credential;
    private final RejectedCredentials refusals;
    private final PasswordAttemptLog attempts;
    private final Clock clock;
    private final HttpSender http;
    private final ServerClient client;
    private final TokenEndpoint endpoint;

    /**
     * @param clientSite the site with the other client, and with its user if it has one
     * @param name key under which the result of the password attempt is remembered
     * @throws IOException when a trust file cannot be read
     */
    public GrantCheck(
            Site clientSite, String name, RejectedCredentials refusals, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        this.site = clientSite;
        this.http = http;
        this.credential = PasswordAttempts.credential(name, clientSite);
        this.refusals = refusals;
        this.attempts = new PasswordAttemptLog(refusals, clock);
        this.clock = clock;
        this.client = SsmServer.client(clientSite);
        this.endpoint =
                new TokenEndpoint(clientSite, client, http, redactor, new ApiFingerprint(), TokenListener.NONE, clock);
    }

    /**
     * The result of the check.
     *
     * @param details the answer to each grant and to the list, by name
     * @param answered false if SSM did not answer, so that nothing is known about the client
     */
    public record Answers(Map<String, Object> details, List<Finding> findings, boolean answered) {}

    /** Never throws. The result contains the failures. */
    public Answers requestTokens() {
        Map<String, Object> details = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        details.put("client", site.ssm().client().id());
        try {
            AccessToken token = requestAsClient(details, findings);
            requestAsUser(token, details, findings);
            return new Answers(details, findings, true);
        } catch (IOException noAnswer) {
            details.put("error", TokenUnanswered.reason(noAnswer).getClass().getSimpleName());
            return new Answers(details, List.of(), false);
        }
    }

    /**
     * After an incident, an outage result is forgotten so that the next incident may try again. A refused password is tried again only
     * after it changed.
     */
    public void endOfIncident() {
        refusals.of(credential)
                .filter(answer -> !errorCode(answer).equals(INVALID_GRANT))
                .ifPresent(answer -> refusals.forget(credential));
    }

    /** An operator requested an attempt: the password may be sent once. */
    public void allowAttempt() {
        attempts.allow(credential);
    }

    /** The error code without the prefix of its kind. Earlier versions stored it without the prefix. */
    private static String errorCode(RejectedCredentials.Refusal answer) {
        return answer.error().replaceFirst("^oauth\\.", "");
    }

    private @Nullable AccessToken requestAsClient(Map<String, Object> details, List<Finding> findings)
            throws IOException {
        String grant = Grant.CLIENT_CREDENTIALS.wireName();
        try {
            AccessToken token = endpoint.requestToken(Grant.CLIENT_CREDENTIALS);
            details.put(AS_CLIENT, ACCEPTED);
            findings.add(accepted(grant));
            return token;
        } catch (SsmException refused) {
            addRefusal(AS_CLIENT, refused, details, findings);
            return null;
        }
    }

    private void requestAsUser(@Nullable AccessToken token, Map<String, Object> details, List<Finding> findings)
            throws IOException {
        String grant = Grant.PASSWORD.wireName();
        if (site.ssm().user() == null) {
            details.put(AS_USER, "not tried: no user is configured");
            requestList(token, details, findings);
            return;
        }
        // asClient adds no finding if SSM gave no answer about the client.
        boolean answeredAsClient = !findings.isEmpty();
        findings.add(new Finding(Findings.CONFIGURED_PASSWORD, "the Manager uses the resource owner password grant"));
        Optional<RejectedCredentials.Refusal> earlier = refusals.of(credential);
        if (earlier.isPresent() && !mayTry(earlier.get(), answeredAsClient)) {
            addRemembered(earlier.get(), details, findings);
            return;
        }
        AccessToken granted;
        try {
            granted = attempts.make(credential, null, () -> endpoint.requestToken(Grant.PASSWORD));
        } catch (TokenRefused refused) {
            addRefusal(AS_USER, refused, details, findings);
            requestList(token, details, findings);
            return;
        } catch (SsmException failure) {
            addRefusal(AS_USER, failure, details, findings);
            return;
        }
        details.put(AS_USER, ACCEPTED);
        findings.add(accepted(grant));
        // The list request may fail, but the password was accepted.
        refusals.remember(credential, ACCEPTED, 200);
        refusals.remember(credential, ACCEPTED, requestList(granted, details, findings));
    }

    /**
     * After an outage the password is tried again once a request without the password gets an answer about the client. After a refusal it
     * is not tried again.
     */
    private boolean mayTry(RejectedCredentials.Refusal earlier, boolean answered) {
        return earlier.kind() != RejectedCredentials.Kind.REFUSAL
                && PasswordAttempts.mayTry(earlier, answered ? ACCEPTED : null, clock.instant());
    }

    /** Adds the remembered result: each incident sends the password at most once. */
    private void addRemembered(
            RejectedCredentials.Refusal earlier, Map<String, Object> details, List<Finding> findings) {
        String grant = Grant.PASSWORD.wireName();
        String error = errorCode(earlier);
        details.put(AS_USER, error + " at " + earlier.at() + ", not requested again");
        if (earlier.kind() != RejectedCredentials.Kind.REFUSAL) {
            findings.add(new Finding(
                    Findings.CREDENTIAL_WITHHELD_IN_OUTAGE,
                    "the password was not sent: SSM gave no answer about it at " + earlier.at()));
            return;
        }
        if (error.equals(ACCEPTED)) {
            findings.add(accepted(grant));
            addStatusFinding(earlier.status(), details, findings);
            return;
        }
        String phrase = "SSM refused the " + grant + " grant at " + earlier.at() + ": " + error;
        findings.add(new Finding(Findings.refused(grant, error), phrase));
        if (error.equals(INVALID_GRANT)) {
            findings.add(new Finding(
                    Findings.CREDENTIAL_WITHHELD, "the password was not sent: SSM refused it at " + earlier.at()));
        }
    }

    /** @return the status of the answer; 200 if there is no token, because nothing was requested */
    private int requestList(@Nullable AccessToken token, Map<String, Object> details, List<Finding> findings)
            throws IOException {
        if (token == null) {
            return 200;
        }
        boolean accountsConfigured = !site.accounts().isEmpty();
        String path =
                site.ssm().paths().getOrDefault(accountsConfigured ? Resource.VIRTUAL_ACCOUNTS : Resource.ACCOUNTS, "");
        String method = accountsConfigured || site.ssm().api() == Api.CSSM ? "GET" : "POST";
        String url = HttpCall.url(
                site.ssm().url(),
                accountsConfigured
                        ? path.replace("{account}", Place.encode(site.accounts().get(0)))
                        : path);
        HttpCall call = HttpCall.ofSession(site, Step.ACCOUNTS, method, url, clock.instant())
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token.value())
                .to(client);
        int status;
        try (HttpAnswer answer = http.send(call)) {
            answer.transferTo(OutputStream.nullOutputStream());
            status = answer.status();
        }
        addStatusFinding(status, details, findings);
        return status;
    }

    private void addStatusFinding(int status, Map<String, Object> details, List<Finding> findings) {
        details.put(LIST, status);
        if (status == 401 || status == 403) {
            Instant now = clock.instant();
            HttpExchangeRecord exchange = new HttpExchangeRecord(
                    "SSM's list,", "requested as the Manager's client,", status, Map.of(), null, now, Duration.ZERO);
            findings.addAll(HttpAnswerCheck.refusal(exchange, null).findings());
        }
    }

    private static void addRefusal(
            String detail, SsmException refused, Map<String, Object> details, List<Finding> findings) {
        details.put(detail, refused.errorType().replaceFirst("^oauth\\.", ""));
        if (refused instanceof TokenRefused) {
            findings.addAll(refused.findings());
        }
    }

    private static Finding accepted(String grant) {
        return new Finding(
                Findings.accepted(grant), "SSM granted the Manager's client a token for the " + grant + " grant");
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
