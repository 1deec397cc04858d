package io.licenserelay.cli;

import io.licenserelay.store.Database;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code reports}: what became of every usage report. */
@Command(
        name = "reports",
        mixinStandardHelpOptions = true,
        description = "Tells what became of every usage report; also beside a running relay.",
        subcommands = {ReportsListCommand.class, ReportsShowCommand.class})
final class ReportsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: list or show?");
    }

    /** The option that both take, and what it leads to. */
    static final class Ledger {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                defaultValue = "data",
                description = "Where the relay keeps its state (default: ${DEFAULT-VALUE}/).")
        private Path data;

        /** The caller closes it. */
        Database open() throws Complaints.Refusal {
            return Folders.state(data);
        }
    }
}
