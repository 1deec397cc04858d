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

    /**
     * The clock is the one that the server's is compared with.
     *
     * @param clock the clock to compare with the server's clock
     */
    public HttpProbe(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        ConnectionPath way = ConnectionPath.configured(target.site());
        try {
            return probe(way, Trust.of(target.site().ssm().trust()).context(), deadline);
        } catch (IOException unusable) {
            String error = String.valueOf(unusable.getMessage());
            return nothing(way.authority(), Status.ERROR, "trust", Map.of("error", error));
        }
    }

    private ProbeResult probe(ConnectionPath way, SSLContext context, Deadline deadline) {
        if (!way.proxied()) {
            HttpAttempt only = new HttpAttempt(way, clock, deadline).run(context);
            return result(way, only, only.details(), findings(way, only));
        }
        // An unresponsive proxy must leave time for the direct attempt.
        Deadline half = Deadline.in(deadline.left().dividedBy(2));
        HttpAttempt proxied = new HttpAttempt(way, clock, half).run(context);
        HttpAttempt straight = new HttpAttempt(way.straight(), clock, deadline).run(context);
        Map<String, Object> details = new LinkedHashMap<>(proxied.details());
        details.put("proxy", way.host() + ":" + way.port());
        Map<String, Object> direct = new LinkedHashMap<>(straight.details());
        direct.put("reason", straight.reason());
        details.put("direct", direct);
        List<Finding> findings = new ArrayList<>(findings(way, proxied));
        if (!proxied.reason().equals("ok") && straight.reason().equals("ok")) {
            String phrase = way.authority() + " answers " + straight.status() + " without the proxy";
            findings.add(new Finding(Findings.PROXY_DIRECT_WORKS, phrase));
        }
        return result(way, proxied, details, findings);
    }

    private ProbeResult result(
            ConnectionPath way, HttpAttempt attempt, Map<String, Object> details, List<Finding> findings) {
        Status status =
                switch (attempt.reason()) {
                    case "ok" -> Status.OK;
                    case "dns", "tcp", "tls" -> Status.SKIPPED;
                    case "interrupted" -> Status.ERROR;
                    default -> Status.FAILED;
                };
        return new ProbeResult(name(), way.authority(), status, attempt.reason(), attempt.millis(), details, findings);
    }

    private static List<Finding> findings(ConnectionPath way, HttpAttempt attempt) {
        List<Finding> findings = new ArrayList<>();
        String server = way.authority();
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
                        "the proxy " + way.host() + ":" + way.port() + " refused the connection to the server"));
            default -> {
                // No HTTP finding: another probe reports the earlier failure.
            }
        }
        ClockOffset offset = attempt.offset();
        if (offset != null) {
            offset.finding(way.server()).ifPresent(findings::add);
        }
        return findings;
    }
}
