package io.licenserelay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What a process of this machine holds, again and again, and whether it grows. As Linux counts it. */
final class Resources {
    /** What is held later than the first third may be so many times what is held in the middle one, at most. */
    private static final double FLAT = 1.15;

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

    /** A plot of each from the first sample to the last, and the last third against the middle one. */
    void tell(Report report) {
        tell(report, "resident, MB", Sample::megabytes);
        tell(report, "threads", Sample::threads);
        tell(report, "descriptors", Sample::descriptors);
    }

    private void tell(Report report, String name, ToDoubleFunction<Sample> of) {
        double[] values = samples.stream().mapToDouble(of).toArray();
        Figures all = new Figures();
        for (double value : values) {
            all.add(value);
        }
        report.figure(name, all, "");
        report.figure("", plot(values), "");
        double middle = median(values, values.length / 3, 2 * values.length / 3);
        double last = median(values, 2 * values.length / 3, values.length);
        report.atMost(name + ", last third against the middle", last / middle, FLAT);
    }

    private static double median(double[] values, int from, int to) {
        Figures part = new Figures();
        for (int i = from; i < to; i++) {
            part.add(values[i]);
        }
        return part.median();
    }

    private static String plot(double[] values) {
        double most = Math.max(
                1,
                Stream.of(values)
                        .flatMapToDouble(java.util.Arrays::stream)
                        .max()
                        .orElse(1));
        StringBuilder plot = new StringBuilder();
        for (int column = 0; column < COLUMNS; column++) {
            double value = values[Math.min(values.length - 1, column * values.length / COLUMNS)];
            plot.append(LEVELS.charAt((int) Math.min(LEVELS.length() - 1, value / most * LEVELS.length())));
        }
        return plot.toString();
    }
}
