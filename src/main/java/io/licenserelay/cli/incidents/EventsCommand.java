package io.licenserelay.cli.incidents;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code events}: what stands on the topics. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Shows the events on Kafka, as any consumer reads them, and their schemas.",
        subcommands = {EventsTailCommand.class, SchemaCommand.class})
public final class EventsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: tail or schema?");
    }
}
