package io.licenserelay.chaos;

import io.licenserelay.cli.RelayProcess;
import io.licenserelay.fixture.SwallowingProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One relay in a process of its own, with its own configuration and data folder and its own way to PostgreSQL. Used by one thread. */
final class ChaosNode implements AutoCloseable {
    private static final List<String> FAKETIME = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1");

    private final String name;
    private final Path folder;
    private final SwallowingProxy network;
    private final Class<?> main;
    private @Nullable Process process;
    private int starts;

    /** @param folder has the configuration of the node in {@code config} */
    ChaosNode(String name, Path folder, SwallowingProxy network, Class<?> main) throws IOException {
        this.name = name;
        this.folder = folder;
        this.network = network;
        this.main = main;
        Files.writeString(folder.resolve("clock"), "+0\n");
    }

    /** libfaketime; null if it is not installed (Debian: {@code faketime}). */
    static @Nullable String faketime() {
        return FAKETIME.stream()
                .filter(each -> Files.exists(Path.of(each)))
                .findFirst()
                .orElse(null);
    }

    String name() {
        return name;
    }

    void start() throws IOException {
        List<String> command = RelayProcess.java(
                List.of(),
                main,
                "run",
                "--config",
                folder.resolve("config").toString(),
                "--data",
                folder.resolve("data").toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("RELAY_LOG_LEVEL", "INFO");
        String faketime = faketime();
        if (faketime != null) {
            builder.environment().put("LD_PRELOAD", faketime);
            builder.environment()
                    .put("FAKETIME_TIMESTAMP_FILE", folder.resolve("clock").toString());
            builder.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            builder.environment().put("FAKETIME_CACHE_DURATION", "1");
            // With this fix for other C libraries, every timed wait of a JVM returns immediately.
            builder.environment().put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }
        process = builder.start();
        starts++;
    }

    int starts() {
        return starts;
    }

    Path log() {
        return folder.resolve("log");
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        Process running = Objects.requireNonNull(process);
        running.destroyForcibly();
        running.waitFor();
    }

    /** SIGSTOP: the process does nothing until {@link #resume}, and its sockets stay open. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        if (isAlive()) {
            signal("CONT");
        }
    }

    private void signal(String signal) throws IOException, InterruptedException {
        long pid = Objects.requireNonNull(process).pid();
        if (new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor() != 0) {
            throw new IOException("cannot send SIG" + signal + " to " + name);
        }
    }

    /** From now on nothing passes between this node and PostgreSQL, and its connections stay open. */
    void cut(boolean whether) {
        network.swallow(whether);
    }

    /** Sets the clock of the process. */
    void clock(Duration ahead) throws IOException {
        Files.writeString(folder.resolve("clock"), "+" + ahead.toSeconds() + "\n");
    }

    /** Writes the stacks of the threads to a file. */
    void dump(Path to) throws IOException, InterruptedException {
        if (isAlive()) {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jstack")
                                    .toString(),
                            Long.toString(Objects.requireNonNull(process).pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(to.resolve(name).toFile())
                    .start()
                    .waitFor();
        }
    }

    /** The last lines of the log. */
    String tail(int lines) throws IOException {
        List<String> all = Files.exists(log()) ? Files.readAllLines(log(), StandardCharsets.UTF_8) : List.of();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroyForcibly();
        }
        network.close();
    }
}
