package io.licenserelay.evidence;

import io.licenserelay.evidence.ProbeResult.Status;
import java.util.List;
import java.util.Map;

/** Checks one aspect of a server from outside. Never throws: a failure is a result. Thread-safe. */
public interface Probe {

    /** Its name in results and events: {@code dns}. */
    String name();

    ProbeResult run(ProbeTarget target, Deadline deadline);

    /** A result without measurements and findings. */
    default ProbeResult nothing(String target, Status status, String reason, Map<String, Object> details) {
        return new ProbeResult(name(), target, status, reason, Map.of(), details, List.of());
    }
}
