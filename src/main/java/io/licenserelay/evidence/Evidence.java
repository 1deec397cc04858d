package io.licenserelay.evidence;

import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything collected about one failure.
 *
 * @param findings of the failure itself, the probes and the logs, without repetition, in that order
 */
public record Evidence(Failure failure, List<ProbeResult> probes, List<LogExcerpt> excerpts, List<Finding> findings) {

    /** Gathers the findings of the failure and of the probes; {@code fromLogs} are those read off the excerpts. */
    public static Evidence of(
            Failure failure, List<ProbeResult> probes, List<LogExcerpt> excerpts, List<Finding> fromLogs) {
        Stream<Finding> all = Stream.of(
                        failure.findings().stream(),
                        probes.stream().flatMap(probe -> probe.findings().stream()),
                        fromLogs.stream())
                .flatMap(findings -> findings);
        return new Evidence(failure, probes, excerpts, all.distinct().toList());
    }

    /** A failure that needs no looking into: what it knows is all there is. */
    public static Evidence of(Failure failure) {
        return of(failure, List.of(), List.of(), List.of());
    }

    public boolean has(String finding) {
        return findings.stream().anyMatch(each -> each.name().equals(finding));
    }
}
