package io.licenserelay.evidence;

import io.licenserelay.text.WireNamed;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a probe saw.
 *
 * @param probe its name: {@code dns}, {@code tcp}, {@code tls}, {@code http}, {@code oauth}
 * @param target what was probed, for people: {@code ssm.example.net:8443}
 * @param reason from a closed list per probe, kebab-case; {@code ok} when all is well
 * @param millis times per phase, in milliseconds: {@code connect}, {@code tls}
 * @param details scalars, lists and maps, ready for JSON, nothing secret
 * @param findings the facts it establishes
 */
public record ProbeResult(
        String probe,
        String target,
        Status status,
        String reason,
        Map<String, Double> millis,
        Map<String, Object> details,
        List<Finding> findings) {

    /** A field of the certificate that the server showed as its own, of a probe that saw one: {@code sha256}. */
    public Optional<String> ofServerCertificate(String field) {
        return details.get("chain") instanceof List<?> chain
                        && !chain.isEmpty()
                        && chain.get(0) instanceof Map<?, ?> server
                ? Optional.of(String.valueOf(server.get(field)))
                : Optional.empty();
    }

    /** How a probe ended. */
    public enum Status implements WireNamed {
        /** The target is well as far as this probe sees. */
        OK,
        /** The target is bad. */
        FAILED,
        /** Not permitted, or its prerequisite failed; the reason names it. */
        SKIPPED,
        /** Our probe could not; nothing is said about the target. */
        ERROR
    }
}
