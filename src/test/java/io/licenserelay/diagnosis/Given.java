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

/** Evidence made of nothing but findings. */
final class Given {
    /** What the probes find on a server that is well up to HTTP. */
    static final List<String> WELL =
            List.of("dns.resolved", "tcp.connected", "tls.trusted", "http.answered", "clock.well");

    private Given() {}

    static Evidence pull(String... findings) {
        return evidence(Flow.PULL, List.of(findings));
    }

    /** A failed pull of a server that is well up to HTTP. */
    static Evidence answered(String... findings) {
        return evidence(
                Flow.PULL, Stream.concat(WELL.stream(), Stream.of(findings)).toList());
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
