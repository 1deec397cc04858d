package io.licenserelay.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The measurements of one quantity in several rounds. The median is the result, because other processes can use the
 * machine at the same time.
 */
final class Figures {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** {@code 12.34 (11.90–13.01)}: median, minimum and maximum. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.2f (%.2f–%.2f)", median(), Collections.min(values), Collections.max(values));
    }
}
