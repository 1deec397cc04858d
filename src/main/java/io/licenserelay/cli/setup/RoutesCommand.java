package io.licenserelay.cli.setup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code routes}: which route files are used, and the packed ones to copy. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description = "Lists the route files that are used, and prints a packed one to be copied and changed.",
        subcommands = {RoutesListCommand.class, RoutesShowCommand.class})
public final class RoutesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: list or show?");
    }
}
