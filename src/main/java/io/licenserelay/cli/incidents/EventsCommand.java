package io.licenserelay.cli.incidents;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code events}: the events on Kafka and their schemas. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Prints the failure events on Kafka, and the schemas of all events.",
        subcommands = {EventsTailCommand.class, SchemaCommand.class})
public final class EventsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A subcommand is missing: tail or schema.");
    }
}
