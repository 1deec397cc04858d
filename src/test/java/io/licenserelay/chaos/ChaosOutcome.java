package io.licenserelay.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was counted and measured. Used by one thread.
 */
public final class ChaosOutcome {
    private static final int MAX_SAMPLES = 20;

    private final Map<String, Long> violations = new TreeMap<>();
    private final Map<String, String> figures = new TreeMap<>();
    private final Map<String, Measured> measured = new TreeMap<>();
    private final List<String> samples = new ArrayList<>();

    /** Each of these numbers must be 0. */
    public Map<String, Long> violations() {
        return violations;
    }

    /** What was measured, with its unit. */
    public Map<String, String> figures() {
        return figures;
    }

    /** A figure with the target that it should not exceed. */
    public record Measured(double figure, double target) {}

    /** What has a target. */
    public Map<String, Measured> measured() {
        return measured;
    }

    void measure(String name, double figure, double target) {
        measured.put(name, new Measured(figure, target));
    }

    /** Some of the violations, for the reader. */
    public List<String> samples() {
        return samples;
    }

    /** Counts a violation, or lists the kind with 0. */
    void count(String kind, long number, String sample) {
        violations.merge(kind, number, Long::sum);
        if (number > 0 && samples.size() < MAX_SAMPLES) {
            samples.add(kind + ": " + sample);
        }
    }

    void checked(String kind) {
        violations.merge(kind, 0L, Long::sum);
    }

    void figure(String name, Object value) {
        figures.put(name, String.valueOf(value));
    }
}
