package io.licenserelay.cli;

import io.licenserelay.store.Database;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of commands that read what a relay kept, and nothing else, and what it leads to. */
final class StateFolder {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where the relay keeps its state (default: ${DEFAULT-VALUE}/).")
    private Path data;

    /**
     * The caller closes it.
     *
     * @throws Complaints.Refusal when no relay has kept anything there
     */
    Database open() throws Complaints.Refusal {
        return Folders.state(data);
    }
}
