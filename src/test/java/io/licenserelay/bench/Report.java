package io.licenserelay.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Prints figures, and whether they meet their targets. */
final class Report {
    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void title(String title) {
        out.println();
        out.println(title);
    }

    /** A figure that is measured for comparison. */
    void figure(String name, Object figures, String unit) {
        out.printf(Locale.ROOT, "  %-54s %s %s%n", name, figures, unit);
    }

    /** A ratio that should be at least the target. */
    void atLeast(String name, double ratio, double target) {
        verdict(name, ratio, "≥", target, ratio >= target);
    }

    /** A figure that should be at most the target. */
    void atMost(String name, double figure, double target) {
        verdict(name, figure, "≤", target, figure <= target);
    }

    private void verdict(String name, double figure, String relation, double target, boolean met) {
        out.printf(Locale.ROOT, "  %-54s %.2f %s %.2f %s%n", name, figure, relation, target, met ? "met" : "MISSED");
    }
}
