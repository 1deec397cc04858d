package io.licenserelay.demo;

import io.licenserelay.cli.Subcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: the whole pipeline in one process, with a story. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a story: a sync, one that fails, why it fails, and its resolution.",
            "A real Kafka broker, a simulated SSM On-Prem over TLS and the relay start in one process."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the story went as told", "1:a step did not happen as told", "2:wrongly asked"})
public final class DemoCommand implements Subcommand {
    @Option(names = "--once", description = "Play the story and end, instead of staying up until Ctrl-C.")
    private boolean once;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/demo",
            description = "Where the demo keeps its files; emptied at start (default: ${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            defaultValue = "routes",
            description = "Route files that replace the packed ones as a whole (default: ${DEFAULT-VALUE}/).")
    private Path routes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        empty(data);
        try (DemoStage stage = DemoStage.set(data, routes, out)) {
            new DemoStory(stage, out).play();
            if (!once) {
                stayUp(out);
            }
            return 0;
        } catch (DemoStory.NotAsTold e) {
            out.println();
            out.println("✗ The demo did not go as told: " + e.getMessage());
            out.flush();
            return 1;
        }
    }

    private static void stayUp(PrintWriter out) throws InterruptedException {
        out.println();
        out.println("Everything stays up; Ctrl-C ends it.");
        out.flush();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown, "end-of-demo"));
        ended.await();
    }

    /** Only a folder that a demo made is emptied: anything else in the way is an error. */
    private void empty(Path folder) throws IOException {
        Path mark = folder.resolve(".license-relay-demo");
        if (Files.exists(folder) && !Files.exists(mark)) {
            try (Stream<Path> there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw new ParameterException(
                            spec.commandLine(),
                            folder + " is not empty and no demo made it; give --data another folder");
                }
            }
        }
        if (Files.exists(folder)) {
            delete(folder);
        }
        Files.createDirectories(folder);
        Files.createFile(mark);
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.delete(each);
        }
    }
}
