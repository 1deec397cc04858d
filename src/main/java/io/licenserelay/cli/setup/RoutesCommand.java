package io.licenserelay.cli.setup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code routes}: lists the route files in use, and prints packed ones. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description = "Lists the route files in use, and prints a packed one to copy and change.",
        subcommands = {RoutesListCommand.class, RoutesShowCommand.class})
public final class RoutesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A subcommand is missing: list or show.");
    }
}
