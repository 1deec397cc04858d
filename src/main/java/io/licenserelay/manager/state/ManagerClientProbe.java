package io.licenserelay.manager.state;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.config.site.Site.SdwanManager.SsmClient;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.http.HttpSender;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.GrantCheck;
import io.licenserelay.ssm.token.RejectedCredentials;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to SSM as the Manager's own API client after the Manager's own sync failed. The relay's client proves nothing about the
 * Manager's client.
 *
 * <p>Reasons: {@code ok}, {@code refused}; when skipped {@code not-configured}, {@code sync-not-failed}, {@code no-answer}.
 */
public final class ManagerClientProbe implements Probe, AutoCloseable {
    private final Site site;
    private final @Nullable GrantCheck check;

    /**
     * @param site as configured
     * @throws IOException when a trust file cannot be read
     */
    public ManagerClientProbe(Site site, RejectedCredentials refusals, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        this.site = site;
        SdwanManager manager = site.manager();
        SsmClient client = manager == null ? null : manager.ssmClient();
        this.check = client == null
                ? null
                : new GrantCheck(
                        asClient(site, client), site.name() + "/manager-client", refusals, http, redactor, clock);
    }

    private static Site asClient(Site site, SsmClient client) {
        Site.Ssm ssm = site.ssm();
        Site.User user = client.user() == null || client.password() == null
                ? null
                : new Site.User(client.user(), client.password());
        return site.with(new Site.Ssm(
                ssm.url(),
                ssm.api(),
                ssm.paths(),
                user == null ? Grant.CLIENT_CREDENTIALS : Grant.PASSWORD,
                new Site.Client(client.id(), client.secret(), null),
                user,
                ssm.trust(),
                ssm.proxy(),
                ssm.page(),
                ssm.limits()));
    }

    @Override
    public String name() {
        return "manager-client";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        Failure failure = target.failure();
        boolean syncFailed = failure == null
                || failure.findings().stream().anyMatch(each -> each.name().equals(Findings.MANAGER_SYNC_FAILED));
        if (check == null) {
            return skipped("not-configured");
        }
        if (!syncFailed) {
            return skipped("sync-not-failed");
        }
        return request(check);
    }

    private ProbeResult request(GrantCheck client) {
        long started = System.nanoTime();
        GrantCheck.Answers answers = client.requestTokens();
        double millis = Math.round((System.nanoTime() - started) / 1e3) / 1e3;
        String url = site.ssm().url().toString();
        if (!answers.answered()) {
            return new ProbeResult(
                    name(), url, Status.SKIPPED, "no-answer", Map.of("wait", millis), answers.details(), List.of());
        }
        // The Manager needs only the resource owner password grant.
        boolean ok = has(answers, Findings.accepted(Grant.PASSWORD.wireName()))
                && !has(answers, Findings.HTTP_FORBIDDEN)
                && !has(answers, Findings.HTTP_UNAUTHORIZED);
        return new ProbeResult(
                name(),
                url,
                ok ? Status.OK : Status.FAILED,
                ok ? "ok" : "refused",
                Map.of("wait", millis),
                answers.details(),
                answers.findings());
    }

    private static boolean has(GrantCheck.Answers answers, String finding) {
        return answers.findings().stream().anyMatch(each -> each.name().equals(finding));
    }

    private ProbeResult skipped(String reason) {
        return new ProbeResult(
                name(), site.ssm().url().toString(), Status.SKIPPED, reason, Map.of(), Map.of(), List.of());
    }

    /** Ends the incident. The next incident may send the password once again, unless SSM refused it. */
    public void endOfIncident() {
        if (check != null) {
            check.endOfIncident();
        }
    }

    /** An operator requested an attempt: the password of the Manager's user may be sent to SSM once. */
    public void allowAttempt() {
        if (check != null) {
            check.allowAttempt();
        }
    }

    @Override
    public void close() throws IOException {
        if (check != null) {
            check.close();
        }
    }
}
