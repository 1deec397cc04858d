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

/** Runs a class in a JVM of its own, fresh for every measurement. What it measured it prints as {@code name=number}. */
final class ChildJvm {
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** Begins a line that is a figure; a JVM may say other things. */
    private static final String MARK = "figure ";

    private ChildJvm() {}

    /** @param options of the JVM; those in the system property {@code bench.childOptions} (a profiler, say) are added */
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
        Map<String, Double> said = said(process);
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException(main.getSimpleName() + " ended with " + exitCode);
        }
        return said;
    }

    static void say(String name, double figure) {
        System.out.println(MARK + name + "=" + figure);
    }

    /** What the work took by the clock, and of the processors' time. */
    static void timed(String name, Work work) throws Exception {
        long began = System.nanoTime();
        Duration cpuBefore = cpu();
        work.run();
        say(name, secondsSince(began));
        say(name + " (processor time)", cpu().minus(cpuBefore).toMillis() / 1e3);
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

    private static Map<String, Double> said(Process process) throws IOException {
        Map<String, Double> figures = new HashMap<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] figure =
                        line.startsWith(MARK) ? line.substring(MARK.length()).split("=", 2) : new String[0];
                if (figure.length == 2) {
                    figures.put(figure[0], Double.valueOf(figure[1]));
                }
            }
        }
        return figures;
    }
}
