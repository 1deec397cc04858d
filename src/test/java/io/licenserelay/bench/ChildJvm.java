package io.licenserelay.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a class in a new JVM for every measurement. The class prints each figure as {@code name=number}. */
final class ChildJvm {
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** The prefix of a line with a figure. A JVM can also print other lines. */
    private static final String PREFIX = "figure ";

    private ChildJvm() {}

    /**
     * @param options of the JVM, to which the options in the system property {@code bench.childOptions} are added, for
     *     example a profiler
     */
    static Map<String, Double> run(
            Map<String, String> environment, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options);
        command.addAll(Relays.words(System.getProperty("bench.childOptions", "")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        Map<String, Double> figures = figures(process);
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException(main.getSimpleName() + " ended with " + exitCode);
        }
        return figures;
    }

    static void print(String name, double figure) {
        System.out.println(PREFIX + name + "=" + figure);
    }

    /** Runs the work and prints its elapsed time and its processor time. */
    static void timed(String name, Work work) throws Exception {
        long start = System.nanoTime();
        Duration cpuBefore = cpu();
        work.run();
        print(name, secondsSince(start));
        print(name + " (processor time)", cpu().minus(cpuBefore).toMillis() / 1e3);
    }

    interface Work {
        void run() throws Exception;
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    private static Map<String, Double> figures(Process process) throws IOException {
        Map<String, Double> figures = new HashMap<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] nameAndValue = line.startsWith(PREFIX)
                        ? line.substring(PREFIX.length()).split("=", 2)
                        : new String[0];
                if (nameAndValue.length == 2) {
                    figures.put(nameAndValue[0], Double.valueOf(nameAndValue[1]));
                }
            }
        }
        return figures;
    }
}
