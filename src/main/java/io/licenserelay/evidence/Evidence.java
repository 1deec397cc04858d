package io.licenserelay.evidence;

import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.util.List;
import java.util.stream.Stream;

/**
 * All evidence of one failure.
 *
 * @param findings the findings of the failure, the probes and the logs, without duplicates, in that order
 */
public record Evidence(Failure failure, List<ProbeResult> probes, List<LogExcerpt> excerpts, List<Finding> findings) {

    /** Combines the findings of the failure, the probes and the logs. */
    public static Evidence of(
            Failure failure, List<ProbeResult> probes, List<LogExcerpt> excerpts, List<Finding> fromLogs) {
        Stream<Finding> all = Stream.of(
                        failure.findings().stream(),
                        probes.stream().flatMap(probe -> probe.findings().stream()),
                        fromLogs.stream())
                .flatMap(findings -> findings);
        return new Evidence(failure, probes, excerpts, all.distinct().toList());
    }

    /** The evidence of a failure that needs no probes: only its own findings. */
    public static Evidence of(Failure failure) {
        return of(failure, List.of(), List.of(), List.of());
    }

    public boolean has(String finding) {
        return findings.stream().anyMatch(each -> each.name().equals(finding));
    }
}
