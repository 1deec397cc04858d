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
 * Asks SSM as another client than the site's own: for a token by both grants, and with one for a list. Its user's password is sent once
 * for as long as the answer is remembered. Thread-safe.
 */
public final class GrantCheck implements AutoCloseable {
    private static final String ACCEPTED = "accepted";
    private static final String INVALID_GRANT = "invalid_grant";
    private static final String LIST = "list";

    /** Names of details; those of the grants would be taken for names of secrets. */
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
     * @param asClient the site with the other client, and its user when it has one
     * @param name under which what is answered to its password is remembered
     * @throws IOException when a trust file cannot be read
     */
    public GrantCheck(
            Site asClient, String name, RejectedCredentials refusals, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        this.site = asClient;
        this.http = http;
        this.credential = PasswordAttempts.credential(name, asClient);
        this.refusals = refusals;
        this.attempts = new PasswordAttemptLog(refusals, clock);
        this.clock = clock;
        this.client = SsmServer.client(asClient);
        this.endpoint = new TokenEndpoint(asClient, client, http, redactor, new ApiFingerprint(), clock);
    }

    /**
     * What was seen.
     *
     * @param details what each grant and the list were answered, by name
     * @param answered false when SSM did not answer, which says nothing of the client
     */
    public record Answers(Map<String, Object> details, List<Finding> findings, boolean answered) {}

    /** Never throws: what goes wrong is told. */
    public Answers requestTokens() {
        Map<String, Object> details = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        details.put("client", site.ssm().client().id());
        try {
            AccessToken token = asClient(details, findings);
            asUser(token, details, findings);
            return new Answers(details, findings, true);
        } catch (IOException noAnswer) {
            details.put("error", TokenUnanswered.reason(noAnswer).getClass().getSimpleName());
            return new Answers(details, List.of(), false);
        }
    }

    /** What is over with the incident may be asked once more with the next; a wrong password only when it has changed. */
    public void endOfIncident() {
        refusals.of(credential)
                .filter(answer -> !word(answer).equals(INVALID_GRANT))
                .ifPresent(answer -> refusals.forget(credential));
    }

    /** An operator asks: the password may be sent once more. */
    public void allowAttempt() {
        attempts.allow(credential);
    }

    /** The error without the prefix of its kind; earlier versions kept it so. */
    private static String word(RejectedCredentials.Refusal answer) {
        return answer.error().replaceFirst("^oauth\\.", "");
    }

    private @Nullable AccessToken asClient(Map<String, Object> details, List<Finding> findings) throws IOException {
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

    private void asUser(@Nullable AccessToken token, Map<String, Object> details, List<Finding> findings)
            throws IOException {
        String grant = Grant.PASSWORD.wireName();
        if (site.ssm().user() == null) {
            details.put(AS_USER, "not tried: no user is configured");
            list(token, details, findings);
            return;
        }
        // Without an answer about the client, asClient adds no finding.
        boolean answeredAsClient = !findings.isEmpty();
        findings.add(new Finding(Findings.CONFIGURED_PASSWORD, "the Manager asks by the Resource Owner Grant"));
        Optional<RejectedCredentials.Refusal> earlier = refusals.of(credential);
        if (earlier.isPresent() && !mayTry(earlier.get(), answeredAsClient)) {
            remembered(earlier.get(), details, findings);
            return;
        }
        AccessToken granted;
        try {
            granted = attempts.make(credential, null, () -> endpoint.requestToken(Grant.PASSWORD));
        } catch (TokenRefused refused) {
            addRefusal(AS_USER, refused, details, findings);
            list(token, details, findings);
            return;
        } catch (SsmException noUse) {
            addRefusal(AS_USER, noUse, details, findings);
            return;
        }
        details.put(AS_USER, ACCEPTED);
        findings.add(accepted(grant));
        // The list may get no answer, and the password was accepted all the same.
        refusals.remember(credential, ACCEPTED, 200);
        refusals.remember(credential, ACCEPTED, list(granted, details, findings));
    }

    /** After an outage the password is tried again once the client is answered without it; after a refusal it is not. */
    private boolean mayTry(RejectedCredentials.Refusal earlier, boolean answered) {
        return earlier.kind() != RejectedCredentials.Kind.REFUSAL
                && PasswordAttempts.mayTry(earlier, answered ? ACCEPTED : null, clock.instant());
    }

    /** An incident costs one password; what it was answered then still stands. */
    private void remembered(RejectedCredentials.Refusal earlier, Map<String, Object> details, List<Finding> findings) {
        String grant = Grant.PASSWORD.wireName();
        String error = word(earlier);
        details.put(AS_USER, error + " at " + earlier.at() + ", not asked again");
        if (earlier.kind() != RejectedCredentials.Kind.REFUSAL) {
            findings.add(new Finding(
                    Findings.CREDENTIAL_WITHHELD_IN_OUTAGE,
                    "no password was sent since SSM gave no answer to it at " + earlier.at()));
            return;
        }
        if (error.equals(ACCEPTED)) {
            findings.add(accepted(grant));
            judged(earlier.status(), details, findings);
            return;
        }
        String phrase = "SSM refused the " + grant + " grant at " + earlier.at() + ": " + error;
        findings.add(new Finding(Findings.refused(grant, error), phrase));
        if (error.equals(INVALID_GRANT)) {
            findings.add(new Finding(
                    Findings.CREDENTIAL_WITHHELD, "no password was sent since SSM refused it at " + earlier.at()));
        }
    }

    /** @return the status of its answer; 200 without a token, since nothing was asked then */
    private int list(@Nullable AccessToken token, Map<String, Object> details, List<Finding> findings)
            throws IOException {
        if (token == null) {
            return 200;
        }
        boolean named = !site.accounts().isEmpty();
        String path = site.ssm().paths().getOrDefault(named ? Resource.VIRTUAL_ACCOUNTS : Resource.ACCOUNTS, "");
        String method = named || site.ssm().api() == Api.CSSM ? "GET" : "POST";
        String url = HttpCall.url(
                site.ssm().url(),
                named ? path.replace("{account}", Place.encode(site.accounts().get(0))) : path);
        HttpCall call = HttpCall.ofSession(site, Step.ACCOUNTS, method, url, clock.instant())
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token.value())
                .to(client);
        int status;
        try (HttpAnswer answer = http.send(call)) {
            answer.transferTo(OutputStream.nullOutputStream());
            status = answer.status();
        }
        judged(status, details, findings);
        return status;
    }

    private void judged(int status, Map<String, Object> details, List<Finding> findings) {
        details.put(LIST, status);
        if (status == 401 || status == 403) {
            Instant now = clock.instant();
            HttpExchangeRecord exchange = new HttpExchangeRecord(
                    "SSM's list,", "asked for as the Manager's client,", status, Map.of(), null, now, Duration.ZERO);
            findings.addAll(HttpAnswerCheck.refusal(exchange, null).findings());
        }
    }

    private static void addRefusal(
            String how, SsmException refused, Map<String, Object> details, List<Finding> findings) {
        details.put(how, refused.errorType().replaceFirst("^oauth\\.", ""));
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
