package io.licenserelay.evidence.probes.tls;

import io.licenserelay.config.tls.Trust;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.probes.ConnectionPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One TLS handshake that reads version, cipher suite and certificates, and sends nothing else. It is verified with the site's own trust
 * settings, like every connection.
 *
 * <p>Reasons: {@code ok}, {@code expires-soon}; those of the findings: {@code untrusted}, {@code name-mismatch}, {@code expired},
 * {@code not-yet-valid}, {@code pin-changed}, {@code no-common}, {@code not-tls}, {@code reset}; {@code timeout}, {@code alert} (another
 * TLS alert, in the details) and {@code handshake} (it failed after the certificates were accepted); {@code plain-http}, {@code dns},
 * {@code tcp}, {@code proxy} when skipped; {@code trust} when a PEM file cannot be used; {@code interrupted}.
 */
public final class TlsProbe implements Probe {
    private final Clock clock;

    /** @param clock clock for the check of validity dates */
    public TlsProbe(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        ConnectionPath path = ConnectionPath.configured(target.site());
        if (!path.tls()) {
            return nothing(path.authority(), Status.SKIPPED, "plain-http", Map.of());
        }
        try {
            ChainRecorder recorder =
                    new ChainRecorder(Trust.of(target.site().ssm().trust()).trustManager());
            return probe(path, recorder, deadline);
        } catch (IOException unusable) {
            return nothing(
                    path.authority(), Status.ERROR, "trust", Map.of("error", String.valueOf(unusable.getMessage())));
        }
    }

    private ProbeResult probe(ConnectionPath path, ChainRecorder recorder, Deadline deadline) {
        try {
            Handshake handshake = Handshake.of(path, recorder, deadline);
            return recorder.chain().isEmpty()
                    ? resultWithoutCertificate(path, handshake)
                    : resultWithCertificates(path, recorder, handshake.millis(), handshake.error());
        } catch (UnknownHostException unknown) {
            return nothing(path.authority(), Status.SKIPPED, "dns", Map.of());
        } catch (ConnectionPath.ProxyRefusal refused) {
            return nothing(path.authority(), Status.SKIPPED, "proxy", Map.of());
        } catch (InterruptedIOException interrupted) {
            return nothing(path.authority(), Status.ERROR, "interrupted", Map.of());
        } catch (IOException failed) {
            return nothing(path.authority(), Status.SKIPPED, "tcp", Map.of());
        }
    }

    /** The result if certificates were received, valid or not. */
    private ProbeResult resultWithCertificates(
            ConnectionPath path, ChainRecorder recorder, double millis, String broken) {
        Instant now = clock.instant();
        ChainVerdict verdict = new ChainVerdict(path.server(), recorder.chain(), recorder.refusal(), now);
        List<Finding> findings = verdict.findings();
        boolean trusted = recorder.refusal() == null;
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("protocol", recorder.protocol());
        details.put("cipher", recorder.cipher());
        details.put("chain", Certificates.details(recorder.chain()));
        details.put(
                "daysLeft",
                Duration.between(now, verdict.own().getNotAfter().toInstant()).toDays());
        if (!broken.isEmpty()) {
            details.put("error", broken);
        }
        return new ProbeResult(
                name(),
                path.authority(),
                trusted && broken.isEmpty() ? Status.OK : Status.FAILED,
                trusted && !broken.isEmpty() ? "handshake" : reason(findings),
                Map.of("tls", millis),
                details,
                findings);
    }

    private static String reason(List<Finding> findings) {
        String last = findings.get(findings.size() - 1).name();
        return last.equals(Findings.TLS_TRUSTED) ? "ok" : last.substring("tls.".length());
    }

    /** The result if no certificate was received. */
    private ProbeResult resultWithoutCertificate(ConnectionPath path, Handshake handshake) {
        Map<String, Object> details = Map.of("error", handshake.error());
        return switch (handshake.reason()) {
            case Handshake.RESET ->
                failed(
                        path,
                        handshake,
                        Findings.TCP_RESET,
                        " closes the connection when the TLS handshake begins",
                        details);
            case Handshake.NOT_TLS -> failed(path, handshake, Findings.TLS_NOT_TLS, " does not use TLS", details);
            case Handshake.NO_COMMON ->
                failed(
                        path,
                        handshake,
                        Findings.TLS_NO_COMMON,
                        " and the relay have no common TLS version or cipher suite",
                        details);
            default -> nothing(path.authority(), Status.FAILED, handshake.reason(), details);
        };
    }

    private ProbeResult failed(
            ConnectionPath path, Handshake handshake, String finding, String phrase, Map<String, Object> details) {
        return new ProbeResult(
                name(),
                path.authority(),
                Status.FAILED,
                handshake.reason(),
                Map.of(),
                details,
                List.of(new Finding(finding, path.authority() + phrase)));
    }
}
