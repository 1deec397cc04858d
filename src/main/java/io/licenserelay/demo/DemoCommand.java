package io.licenserelay.demo;

import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.cli.StopSignal;
import io.licenserelay.cli.Subcommand;
import io.licenserelay.cli.common.RouteFolderOption;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
        exitCodeList = {
            "0:the story went as told",
            "1:a step did not happen as told",
            "2:another demo holds the folder, or bad options"
        })
public final class DemoCommand implements Subcommand {
    @Option(names = "--once", description = "Play the story and end, instead of staying up until Ctrl-C.")
    private boolean once;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/demo",
            description = "Where the demo keeps its files; emptied at start (default: ${DEFAULT-VALUE}).")
    private Path data;

    @Mixin
    private RouteFolderOption routes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        RouteFiles files = routes.files(data.resolve("config"));
        try (DemoFolder held = DemoFolder.take(data);
                DemoStage stage = DemoStage.set(held.path(), files, out)) {
            DemoStory story = new DemoStory(stage, out);
            story.play();
            if (!once) {
                story.nextCommands();
                stayUp(StopSignal.install(), out);
            }
            return 0;
        } catch (DemoFolder.Refused refused) {
            throw new ParameterException(spec.commandLine(), refused.getMessage(), refused);
        } catch (DemoStory.NotAsExpected e) {
            out.println();
            out.println("✗ The demo did not go as told: " + e.getMessage());
            out.flush();
            return 1;
        }
    }

    private static void stayUp(StopSignal stop, PrintWriter out) throws InterruptedException {
        out.println();
        out.println("Everything stays up; Ctrl-C ends it.");
        out.flush();
        stop.await();
    }
}
