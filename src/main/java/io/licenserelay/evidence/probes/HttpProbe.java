package io.licenserelay.evidence.probes;

import io.licenserelay.config.tls.Trust;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * Checks whether SSM answers HTTP: one GET of its base URL without credentials, with the same TLS verification as every request. It reads
 * at most 4 KiB of the answer. With a proxy, a second request bypasses the proxy, to distinguish faults of the proxy from faults of the
 * server. The answer's {@code Date} shows the clock offset.
 *
 * <p>Reasons: {@code ok}, {@code unavailable}, {@code server-error}, {@code no-answer}, {@code reset}, {@code malformed}, {@code proxy};
 * when skipped {@code dns}, {@code tcp}, {@code tls}; {@code trust} when a PEM file cannot be used; {@code interrupted}.
 */
public final class HttpProbe implements Probe {
    private final Clock clock;

    /** @param clock the clock to compare with the server's clock */
    public HttpProbe(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        ConnectionPath path = ConnectionPath.configured(target.site());
        try {
            return probe(path, Trust.of(target.site().ssm().trust()).context(), deadline);
        } catch (IOException unusable) {
            String error = String.valueOf(unusable.getMessage());
            return nothing(path.authority(), Status.ERROR, "trust", Map.of("error", error));
        }
    }

    private ProbeResult probe(ConnectionPath path, SSLContext context, Deadline deadline) {
        if (!path.proxied()) {
            HttpAttempt only = new HttpAttempt(path, clock, deadline).run(context);
            return result(path, only, only.details(), findings(path, only));
        }
        // An unresponsive proxy must leave time for the direct attempt.
        Deadline half = Deadline.in(deadline.left().dividedBy(2));
        HttpAttempt proxied = new HttpAttempt(path, clock, half).run(context);
        HttpAttempt bypass = new HttpAttempt(path.direct(), clock, deadline).run(context);
        Map<String, Object> details = new LinkedHashMap<>(proxied.details());
        details.put("proxy", path.host() + ":" + path.port());
        Map<String, Object> direct = new LinkedHashMap<>(bypass.details());
        direct.put("reason", bypass.reason());
        details.put("direct", direct);
        List<Finding> findings = new ArrayList<>(findings(path, proxied));
        if (!proxied.reason().equals("ok") && bypass.reason().equals("ok")) {
            String phrase = path.authority() + " answers " + bypass.status() + " without the proxy";
            findings.add(new Finding(Findings.PROXY_DIRECT_WORKS, phrase));
        }
        return result(path, proxied, details, findings);
    }

    private ProbeResult result(
            ConnectionPath path, HttpAttempt attempt, Map<String, Object> details, List<Finding> findings) {
        Status status =
                switch (attempt.reason()) {
                    case "ok" -> Status.OK;
                    case "dns", "tcp", "tls" -> Status.SKIPPED;
                    case "interrupted" -> Status.ERROR;
                    default -> Status.FAILED;
                };
        return new ProbeResult(name(), path.authority(), status, attempt.reason(), attempt.millis(), details, findings);
    }

    private static List<Finding> findings(ConnectionPath path, HttpAttempt attempt) {
        List<Finding> findings = new ArrayList<>();
        String server = path.authority();
        switch (attempt.reason()) {
            case "ok" ->
                findings.add(new Finding(Findings.HTTP_ANSWERED, server + " answers HTTP (" + attempt.status() + ")"));
            case "unavailable" ->
                findings.add(new Finding(Findings.HTTP_UNAVAILABLE, server + " answers " + attempt.status()));
            case "server-error" ->
                findings.add(new Finding(Findings.HTTP_SERVER_ERROR, server + " answers " + attempt.status()));
            case "no-answer" ->
                findings.add(new Finding(
                        Findings.HTTP_NO_ANSWER, server + " accepted the connection but did not answer in time"));
            case "reset" ->
                findings.add(new Finding(
                        Findings.TCP_RESET,
                        "the connection to " + server + " was reset or closed before the answer was complete"));
            case "proxy" ->
                findings.add(new Finding(
                        Findings.PROXY_REFUSED,
                        "the proxy " + path.host() + ":" + path.port() + " refused the connection to the server"));
            default -> {
                // No HTTP finding: another probe reports the earlier failure.
            }
        }
        ClockOffset offset = attempt.offset();
        if (offset != null) {
            offset.finding(path.server()).ifPresent(findings::add);
        }
        return findings;
    }
}
