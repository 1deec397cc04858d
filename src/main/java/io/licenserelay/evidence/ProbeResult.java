package io.licenserelay.evidence;

import io.licenserelay.text.WireNamed;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a probe.
 *
 * @param probe its name: {@code dns}, {@code tcp}, {@code tls}, {@code http}, {@code oauth}
 * @param target what was probed, readable: {@code ssm.example.net:8443}
 * @param reason from a closed list per probe, kebab-case; {@code ok} if there is no problem
 * @param millis duration of each phase in milliseconds: {@code connect}, {@code tls}
 * @param details scalars, lists and maps, ready for JSON, without secrets
 * @param findings the proven facts
 */
public record ProbeResult(
        String probe,
        String target,
        Status status,
        String reason,
        Map<String, Double> millis,
        Map<String, Object> details,
        List<Finding> findings) {

    /** A field of the server's own certificate, if the probe received one: {@code sha256}. */
    public Optional<String> ofServerCertificate(String field) {
        return details.get("chain") instanceof List<?> chain
                        && !chain.isEmpty()
                        && chain.get(0) instanceof Map<?, ?> server
                ? Optional.of(String.valueOf(server.get(field)))
                : Optional.empty();
    }

    /** How a probe ended. */
    public enum Status implements WireNamed {
        /** The probe found no problem of the target. */
        OK,
        /** The probe found a problem of the target. */
        FAILED,
        /** Not permitted, or its prerequisite failed; the reason names it. */
        SKIPPED,
        /** The probe itself failed; the result says nothing about the target. */
        ERROR
    }
}
