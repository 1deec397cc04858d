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
 * A separate JVM that runs several commands, for tests that need special JVM options or process rights. A command takes a fifth of the
 * time of a separate process.
 */
final class CommandsProcess implements AutoCloseable {
    private static final long TIMEOUT_MINUTES = 3;

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
     * @param prefix the command that starts the process, such as {@code setpriv}; may be empty
     * @param options of Java
     * @param logs the folder for the log of the process
     */
    static CommandsProcess start(List<String> prefix, List<String> options, Path logs) throws IOException {
        Path err = Files.createTempFile(logs, "err", ".txt");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(RelayProcess.java(options, Loop.class));
        return new CommandsProcess(
                new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
    }

    CommandResult run(String... arguments) throws Exception {
        commands.write(Json.MAPPER.writeValueAsString(arguments) + "\n");
        commands.flush();
        String answer = CompletableFuture.supplyAsync(this::answer).get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        if (answer == null) {
            throw new AssertionError("the process ended by itself:\n" + Files.readString(err));
        }
        return Json.MAPPER.readValue(answer, CommandResult.class);
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
                CommandResult result = CommandResult.of(Json.MAPPER.readValue(line, String[].class));
                answers.println(Json.MAPPER.writeValueAsString(result));
            }
        }
    }
}
