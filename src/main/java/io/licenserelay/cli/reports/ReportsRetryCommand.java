package io.licenserelay.cli.reports;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.text.Plural;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reports retry}: lists quarantined files and records, and reads one of them again. */
@Command(
        name = "retry",
        description = {
            "Lists the files and records that are quarantined because reading them stopped the relay.",
            "With an ID, reads that one again. Invalid content is moved to rejected/ with the reason. If the relay stops again, it stays quarantined."
        },
        exitCodeList = {
            "0:listed, or everything in it was valid",
            "1:no such ID, or something in it was invalid",
            "2:bad configuration or options"
        })
final class ReportsRetryCommand extends RelayCommand {
    @Parameters(paramLabel = "ID", arity = "0..1", description = "The file or record to read again, as listed.")
    private @Nullable String id;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = out();
        String requested = id;
        if (requested == null) {
            list(out);
            out.flush();
            return 0;
        }
        ImportResult read = ReportsCommand.act(folders, actions -> actions.retry(requested));
        out.println(Plural.of(read.reports(), "report") + ", " + read.fresh() + " of them new");
        read.problems().forEach(each -> out.println("  " + each));
        out.flush();
        return read.problems().isEmpty() ? 0 : CommandErrors.FAILED;
    }

    private Quarantine quarantine() throws BadConfiguration {
        Clock clock = Clock.systemUTC();
        return folders.stored().cluster().isPresent()
                ? Quarantine.shared(folders.configuration()::sites, FolderCheck.LOCAL, clock)
                : new Quarantine(folders.data, clock);
    }

    private void list(PrintWriter out) throws Exception {
        List<Quarantine.Item> items = quarantine().items();
        if (items.isEmpty()) {
            out.println("Nothing is quarantined.");
        }
        for (Quarantine.Item each : items) {
            out.printf(
                    "%s  %s  %s  %d bytes  %s: %s%n",
                    each.id(), each.at(), each.place(), Files.size(each.content()), each.name(), each.why());
        }
    }
}
