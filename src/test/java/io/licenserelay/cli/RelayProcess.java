package io.licenserelay.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The relay in a separate process, as an operator starts it. Its output is stored in files. */
public final class RelayProcess implements AutoCloseable {
    private static final Duration WAIT_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration EXIT_TIMEOUT = Duration.ofMinutes(3);

    /** The Java program that also runs the tests. */
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Process process;
    private final Path out;
    private final Path err;

    private RelayProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** @param logs the folder for the output of the process */
    public static RelayProcess start(Path logs, String... arguments) throws IOException {
        return startWith(List.of(), logs, arguments);
    }

    /** @param options the Java options */
    static RelayProcess startWith(List<String> options, Path logs, String... arguments) throws IOException {
        return start(logs, java(options, LicenseRelay.class, arguments));
    }

    /** The command line of a relay in a separate process. */
    public static List<String> command(String... arguments) {
        return java(List.of(), LicenseRelay.class, arguments);
    }

    /** The command line that runs a class in a separate JVM. */
    public static List<String> java(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx256m"));
        command.addAll(PackedRelay.JVM);
        command.addAll(PackedRelay.options(main));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts a process with any command line. */
    public static RelayProcess start(Path logs, List<String> command) throws IOException {
        Path out = Files.createTempFile(logs, "out", ".txt");
        Path err = Files.createTempFile(logs, "err", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new RelayProcess(process, out, err);
    }

    /** The path of the running program. */
    String command() {
        return process.info().command().orElse("");
    }

    /** The complete command line. Java's own API omits the arguments of a long command line. */
    String commandLine() throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.UTF_8);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the counter has grown by this number. Polls every two milliseconds. */
    void untilGrown(LongSupplier counter, long by) {
        long target = counter.getAsLong() + by;
        until(Duration.ofMillis(2), () -> counter.getAsLong() >= target);
    }

    /** Waits until the condition holds. Fails if the process ends before. */
    void until(Duration interval, Callable<Boolean> condition) {
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(interval)
                .atMost(WAIT_TIMEOUT)
                .failFast("the process ended by itself", () -> !process.isAlive())
                .until(condition);
    }

    /** Lets the process continue for this time. */
    static void pause(int millis) throws Exception {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
                .get();
    }

    /** SIGKILL: no hook runs, nothing is flushed. */
    int kill() throws InterruptedException {
        process.destroyForcibly();
        return process.waitFor();
    }

    /** SIGTERM, as {@code systemd} and {@code docker stop} send it. */
    public int terminate() throws IOException, InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** Waits for the end of the process. */
    int exitCode() throws IOException, InterruptedException {
        if (!process.waitFor(EXIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new AssertionError("the process still runs after " + EXIT_TIMEOUT + "; its output:\n" + err());
        }
        return process.exitValue();
    }

    public String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    public String err() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
