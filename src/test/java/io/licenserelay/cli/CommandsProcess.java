package io.licenserelay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.licenserelay.text.Json;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that runs commands one after another, for tests where the options of the JVM or the rights of the process matter
 * and its end does not. A command costs a fifth of what a process for it alone costs.
 */
final class CommandsProcess implements AutoCloseable {
    private static final long LONGEST_COMMAND = 3;

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;
    private final Path err;

    private CommandsProcess(Process process, Path err) {
        this.process = process;
        this.commands = process.outputWriter(UTF_8);
        this.answers = process.inputReader(UTF_8);
        this.err = err;
    }

    /**
     * @param before what starts the process, such as {@code setpriv}; may be empty
     * @param options of Java
     * @param logs the folder where its log is kept
     */
    static CommandsProcess start(List<String> before, List<String> options, Path logs) throws IOException {
        Path err = Files.createTempFile(logs, "err", ".txt");
        List<String> command = new ArrayList<>(before);
        command.addAll(RelayProcess.java(options, Loop.class));
        return new CommandsProcess(
                new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
    }

    Said run(String... arguments) throws Exception {
        commands.write(Json.MAPPER.writeValueAsString(arguments) + "\n");
        commands.flush();
        String answer = CompletableFuture.supplyAsync(this::answer).get(LONGEST_COMMAND, TimeUnit.MINUTES);
        if (answer == null) {
            throw new AssertionError("the process ended by itself:\n" + Files.readString(err));
        }
        return Json.MAPPER.readValue(answer, Said.class);
    }

    private String answer() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** Reads the arguments of a command from each line, and answers with a line. */
    static final class Loop {
        private Loop() {}

        public static void main(String[] none) throws IOException {
            PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
            System.setOut(System.err);
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                Said said = Said.of(Json.MAPPER.readValue(line, String[].class));
                answers.println(Json.MAPPER.writeValueAsString(said));
            }
        }
    }
}
