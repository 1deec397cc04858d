package io.licenserelay.diagnosis;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Evidence that consists only of findings. */
final class Given {
    /** The findings of the probes of a server that is healthy up to HTTP. */
    static final List<String> HEALTHY =
            List.of("dns.resolved", "tcp.connected", "tls.trusted", "http.answered", "clock.well");

    private Given() {}

    static Evidence pull(String... findings) {
        return evidence(Flow.PULL, List.of(findings));
    }

    /** A failed pull of a server that is healthy up to HTTP. */
    static Evidence answered(String... findings) {
        return evidence(
                Flow.PULL, Stream.concat(HEALTHY.stream(), Stream.of(findings)).toList());
    }

    static Evidence evidence(Flow flow, Collection<String> findings) {
        Failure failure = new Failure(
                Place.site("hq"), List.of(), flow, Step.TOKEN, "test", "it failed", List.of(), null, Instant.EPOCH);
        List<Finding> found = findings.stream()
                .filter(name -> {
                    if (!Findings.known(name) && !Findings.isCustom(name) && !Findings.isLocal(name)) {
                        throw new IllegalArgumentException("no such finding: " + name);
                    }
                    return true;
                })
                .map(name -> new Finding(name, name))
                .toList();
        return Evidence.of(failure, List.of(), List.of(), found);
    }
}
