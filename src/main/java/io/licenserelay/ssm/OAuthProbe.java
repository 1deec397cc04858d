package io.licenserelay.ssm;

import io.licenserelay.config.site.Grant;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.TokenUnanswered;
import io.licenserelay.ssm.token.GrantHistory;
import io.licenserelay.ssm.token.TokenEndpoint;
import io.licenserelay.ssm.token.TokenProvider;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Determines which grants SSM accepts for the site's API client; the pair of answers proves more than one answer. The probe requests a
 * token with the client credentials grant. It never tries the password grant: it takes that result from the failed exchange or from the
 * current token, so that an incident costs at most one password attempt.
 */
final class OAuthProbe implements Probe {
    private static final String CLIENT_CREDENTIALS = Grant.CLIENT_CREDENTIALS.wireName();

    private final TokenEndpoint endpoint;
    private final TokenProvider tokens;
    private final GrantHistory history;

    OAuthProbe(TokenEndpoint endpoint, TokenProvider tokens, GrantHistory history) {
        this.endpoint = endpoint;
        this.tokens = tokens;
        this.history = history;
    }

    @Override
    public String name() {
        return "oauth";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        Map<String, Object> details = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        Grant configured = target.site().ssm().grant();
        findings.add(configuredGrant(configured, target));
        addPasswordResult(target, configured, findings, details);
        addEarlierRun(target, findings, details);
        long started = System.nanoTime();
        ProbeResult.Status status = requestAsClient(target, configured, findings, details);
        double millis = Math.round((System.nanoTime() - started) / 1e3) / 1e3;
        String reason = String.valueOf(details.getOrDefault(GrantCheck.AS_CLIENT, "unknown"));
        return new ProbeResult(
                name(),
                target.site().ssm().url().toString(),
                status,
                reason,
                Map.of("wait", millis),
                details,
                findings);
    }

    private Finding configuredGrant(Grant grant, ProbeTarget target) {
        String name = grant == Grant.PASSWORD ? Findings.CONFIGURED_PASSWORD : Findings.CONFIGURED_CLIENT_CREDENTIALS;
        return new Finding(
                name, "site " + target.site().name() + " is configured for the " + grant.wireName() + " grant");
    }

    /** Adds what the failed run proves about the password grant. */
    private void addPasswordResult(
            ProbeTarget target, Grant configured, List<Finding> findings, Map<String, Object> details) {
        if (configured != Grant.PASSWORD) {
            details.put(GrantCheck.AS_USER, "not configured");
            return;
        }
        Failure failure = target.failure();
        if (failure != null && failure.errorType().startsWith("oauth.")) {
            details.put(GrantCheck.AS_USER, failure.errorType().substring("oauth.".length()));
        } else if (tokens.holdsToken()) {
            details.put(GrantCheck.AS_USER, "accepted");
            findings.add(new Finding(
                    Findings.accepted(Grant.PASSWORD.wireName()), "SSM granted a token for the password grant"));
        } else {
            details.put(GrantCheck.AS_USER, "not tried: this probe sends no password");
        }
    }

    /** An earlier good run proves that the client is registered for the password grant. If the store cannot be read, nothing is added. */
    private void addEarlierRun(ProbeTarget target, List<Finding> findings, Map<String, Object> details) {
        Optional<Instant> lastSuccess;
        try {
            lastSuccess = history.lastGoodWithPassword(target.site());
        } catch (StoreFailed unreadable) {
            details.put("earlierRuns", "cannot be read");
            return;
        }
        lastSuccess.ifPresent(at -> {
            details.put("workedBefore", at.toString());
            findings.add(new Finding(
                    Findings.PASSWORD_WORKED_BEFORE,
                    "the run of " + at + " succeeded with this API client and the password grant"));
        });
    }

    private Status requestAsClient(
            ProbeTarget target, Grant configured, List<Finding> findings, Map<String, Object> details) {
        Failure failure = target.failure();
        if (configured == Grant.CLIENT_CREDENTIALS
                && failure != null
                && failure.errorType().startsWith("oauth.")) {
            details.put(GrantCheck.AS_CLIENT, failure.errorType().substring("oauth.".length()));
            return Status.FAILED;
        }
        try {
            endpoint.requestToken(Grant.CLIENT_CREDENTIALS);
            details.put(GrantCheck.AS_CLIENT, "accepted");
            findings.add(new Finding(
                    Findings.accepted(CLIENT_CREDENTIALS), "SSM granted a token for the client credentials grant"));
            return Status.OK;
        } catch (SsmException e) {
            details.put(GrantCheck.AS_CLIENT, e.errorType().replaceFirst("^oauth\\.", ""));
            findings.addAll(e.findings());
            return Status.FAILED;
        } catch (IOException e) {
            details.put(GrantCheck.AS_CLIENT, "no-answer");
            details.put("error", TokenUnanswered.reason(e).getClass().getSimpleName());
            return Status.SKIPPED;
        }
    }
}
