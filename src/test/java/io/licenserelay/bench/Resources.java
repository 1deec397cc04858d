package io.licenserelay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Samples the memory, threads and file descriptors of a process, as Linux counts them, and shows whether they grow. */
final class Resources {
    /** The median of the last third divided by the median of the middle third must not exceed this value. The first third is ignored. */
    private static final double MAX_GROWTH = 1.15;

    private static final int COLUMNS = 60;
    private static final String LEVELS = "▁▂▃▄▅▆▇█";

    private final Path process;
    private final List<Sample> samples = new ArrayList<>();

    Resources(long pid) {
        this.process = Path.of("/proc", Long.toString(pid));
    }

    private record Sample(double megabytes, double threads, double descriptors) {}

    void sample() throws IOException {
        List<String> status = Files.readAllLines(process.resolve("status"));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            samples.add(new Sample(number(status, "VmRSS:") / 1024.0, number(status, "Threads:"), descriptors.count()));
        }
    }

    private static double number(List<String> status, String key) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Prints a plot of all samples, and the last third divided by the middle third. */
    void print(Report report) {
        print(report, "resident, MB", Sample::megabytes);
        print(report, "threads", Sample::threads);
        print(report, "descriptors", Sample::descriptors);
    }

    private void print(Report report, String name, ToDoubleFunction<Sample> quantity) {
        double[] values = samples.stream().mapToDouble(quantity).toArray();
        Figures all = new Figures();
        for (double value : values) {
            all.add(value);
        }
        report.figure(name, all, "");
        report.figure("", plot(values), "");
        double middle = median(values, values.length / 3, 2 * values.length / 3);
        double last = median(values, 2 * values.length / 3, values.length);
        report.atMost(name + ", last third / middle third", last / middle, MAX_GROWTH);
    }

    private static double median(double[] values, int from, int to) {
        Figures part = new Figures();
        for (int i = from; i < to; i++) {
            part.add(values[i]);
        }
        return part.median();
    }

    private static String plot(double[] values) {
        double max = Math.max(
                1,
                Stream.of(values)
                        .flatMapToDouble(java.util.Arrays::stream)
                        .max()
                        .orElse(1));
        StringBuilder plot = new StringBuilder();
        for (int column = 0; column < COLUMNS; column++) {
            double value = values[Math.min(values.length - 1, column * values.length / COLUMNS)];
            plot.append(LEVELS.charAt((int) Math.min(LEVELS.length() - 1, value / max * LEVELS.length())));
        }
        return plot.toString();
    }
}
