package io.licenserelay.diagnosis;

import io.licenserelay.diagnosis.Diagnosis.RuledOut;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cause and the conditions for concluding it.
 *
 * @param when alternatives; one is enough
 * @param ruledOutBy findings, each of which excludes the cause
 */
public record Rule(Entry entry, List<Alternative> when, List<String> ruledOutBy) {

    /** The cause with its best alternative, if one holds. */
    Optional<Candidate> candidate(Set<String> present) {
        return when.stream()
                .filter(alternative -> alternative.holds(present, ruledOutBy))
                .map(alternative -> candidate(alternative, present))
                .min(Candidate.BEST_FIRST);
    }

    private Candidate candidate(Alternative held, Set<String> present) {
        Severity severity = held.severity() == null ? entry.severity() : held.severity();
        return new Candidate(entry, held.confidence(), severity, held.because(present));
    }

    /** The first finding that excludes the cause. Call it only for a rule that does not hold. */
    Optional<RuledOut> ruledOut(Set<String> present) {
        return ruledOutBy.stream()
                .filter(present::contains)
                .findFirst()
                .map(finding -> new RuledOut(entry.code(), finding));
    }
}
