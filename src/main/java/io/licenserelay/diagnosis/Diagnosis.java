package io.licenserelay.diagnosis;

import io.licenserelay.text.WireNamed;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is wrong, why we say so, and what fixes it.
 *
 * @param code {@code LIC3002}: stable for ever
 * @param owner who acts: {@code network}, {@code ssm}, {@code sdwan}, {@code relay} or {@code cisco}
 * @param severity where this cause starts
 * @param because the findings that it rests on, by name
 * @param ruledOut the other causes that a finding excludes
 * @param remedy the steps that fix it, the first one first
 * @param others further causes that may explain the same failure, best first
 * @param sideFacts what holds as well and does not explain the failure, best first
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

    /** How sure it is. */
    public enum Confidence implements WireNamed {
        /** A differential probe shows it. */
        PROVEN,
        LIKELY,
        POSSIBLE
    }

    /** A cause and the finding that excludes it. */
    public record RuledOut(String code, String by) {}

    /** An entry of the catalogue that holds besides the primary one. */
    public record Other(String code, String title, Confidence confidence, List<String> because, List<String> remedy) {}

    /** Everything that holds besides the primary cause: the others, then the side facts. */
    public List<Other> besides() {
        return Stream.concat(others.stream(), sideFacts.stream()).toList();
    }
}
