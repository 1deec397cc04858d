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

/** {@code demo}: plays a scripted failure and its resolution, with the whole pipeline in one process. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a story: a sync, a failed sync, its diagnosis, and its resolution.",
            "It starts a real Kafka broker, a simulated SSM On-Prem over TLS and the relay in one process."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the story went as expected",
            "1:a step went differently",
            "2:another demo uses the folder, or bad options"
        })
public final class DemoCommand implements Subcommand {
    @Option(names = "--once", description = "End after the story. Without this option the demo runs until Ctrl-C.")
    private boolean once;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/demo",
            description = "The folder of the demo's files. It is emptied at start (default: ${DEFAULT-VALUE}).")
    private Path data;

    @Mixin
    private RouteFolderOption routes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        RouteFiles files = routes.files(data.resolve("config"));
        try (DemoFolder folder = DemoFolder.take(data);
                DemoServers servers = DemoServers.start(folder.path(), files, out)) {
            DemoStory story = new DemoStory(servers, out);
            story.play();
            if (!once) {
                story.nextCommands();
                waitForStopSignal(StopSignal.install(), folder.path().resolve("state"), out);
            }
            return 0;
        } catch (DemoFolder.UnusableFolder unusable) {
            throw new ParameterException(spec.commandLine(), unusable.getMessage(), unusable);
        } catch (DemoStory.NotAsExpected e) {
            out.println();
            out.println("✗ The demo did not go as expected: " + e.getMessage());
            out.flush();
            return 1;
        }
    }

    private static void waitForStopSignal(StopSignal stop, Path state, PrintWriter out) throws InterruptedException {
        out.println();
        out.println("All servers keep running; license-relay console --data " + state
                + " prints another address for a browser.");
        out.println("Press Ctrl-C to stop.");
        out.flush();
        stop.await();
    }
}
