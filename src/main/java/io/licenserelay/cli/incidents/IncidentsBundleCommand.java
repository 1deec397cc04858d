package io.licenserelay.cli.incidents;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.incident.bundle.BundleContent;
import io.licenserelay.incident.bundle.StoredEvidence;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code incidents bundle}: writes the evidence of an incident to a file. */
@Command(
        name = "bundle",
        description = {
            "Writes all evidence of an incident to one file (.tar.gz), which can be sent to others.",
            "Reads the state, so in a cluster it works on every machine. Also works while a relay runs."
        },
        exitCodeList = {"0:written", "1:the file cannot be written", "2:no such incident, no state, or bad options"})
final class IncidentsBundleCommand extends RelayCommand {
    private static final int SUGGESTED = 5;

    @Parameters(
            paramLabel = "INCIDENT",
            description = "The id of an incident, or its key such as hq/ACME/pull for the newest of its place.")
    private String incident = "";

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "The file to write (default: the id of the incident with .tar.gz, in this folder).")
    private @Nullable Path output;

    @Override
    public Integer call() throws Exception {
        try (Database database = folders.state()) {
            BundleContent.Bundle bundle = BundleContent.of(database, incident, folders.data.resolve("evidence"))
                    .orElseThrow(() -> CommandErrors.usage(unknown(StoredEvidence.newest(database, SUGGESTED))));
            Path file = output == null ? Path.of(bundle.incident() + ".tar.gz") : output;
            if (Files.exists(file)) {
                throw CommandErrors.usage(file + " exists. Choose another file with --output.");
            }
            AtomicFiles.write(file, bundle.bytes());
            out().println(Table.plain(file.toString()));
            out().flush();
            return 0;
        }
    }

    private String unknown(List<String> newest) {
        return "There is no incident with evidence named " + incident
                + (newest.isEmpty()
                        ? ". There are no incidents."
                        : ". The newest incidents:\n  " + String.join("\n  ", newest));
    }
}
