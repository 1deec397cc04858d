package io.licenserelay.diagnosis;

import io.licenserelay.text.WireNamed;
import java.util.List;
import java.util.stream.Stream;

/**
 * The cause of a failure, the findings behind it, and the remedy.
 *
 * @param code for example {@code LIC3002}; a code never changes its meaning
 * @param owner who acts: {@code network}, {@code ssm}, {@code sdwan}, {@code relay} or {@code cisco}
 * @param severity the initial severity
 * @param because the names of the findings that support the cause
 * @param ruledOut the other causes that a finding excludes
 * @param remedy the steps that fix the cause, in order
 * @param others further causes that may explain the same failure, best first
 * @param sideFacts causes that also hold but do not explain the failure, best first
 */
public record Diagnosis(
        String code,
        String title,
        Confidence confidence,
        String owner,
        Severity severity,
        List<String> because,
        List<RuledOut> ruledOut,
        List<String> remedy,
        List<Other> others,
        List<Other> sideFacts) {

    /** The confidence of a diagnosis. */
    public enum Confidence implements WireNamed {
        /** A differential probe shows it. */
        PROVEN,
        LIKELY,
        POSSIBLE
    }

    /** A cause and the finding that excludes it. */
    public record RuledOut(String code, String by) {}

    /** A further cause that holds in addition to the primary one. */
    public record Other(String code, String title, Confidence confidence, List<String> because, List<String> remedy) {}

    /** All causes in addition to the primary one: the others, then the side facts. */
    public List<Other> besides() {
        return Stream.concat(others.stream(), sideFacts.stream()).toList();
    }
}
