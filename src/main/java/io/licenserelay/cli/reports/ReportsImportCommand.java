package io.licenserelay.cli.reports;

import io.licenserelay.actions.ReportActions;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.text.Plural;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reports import}: reads files into the ledger like files of the inbox. */
@Command(
        name = "import",
        description = {
            "Reads files into the ledger like files of the inbox. The files stay where they are.",
            "If a relay runs on the same data folder, the command sends them to that relay."
        },
        exitCodeList = {
            "0:everything in every file was valid",
            "1:something was invalid",
            "2:bad configuration or options"
        })
final class ReportsImportCommand extends RelayCommand {
    @Option(names = "--site", paramLabel = "NAME", description = "The site of the reports (default: the only site).")
    private @Nullable String site;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Reports in any form that an inbox accepts.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws Exception {
        String siteName = site();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw CommandErrors.usage(file + " is not a readable file.");
            }
        }
        PrintWriter out = out();
        boolean complete = ReportsCommand.act(folders, actions -> importAll(siteName, actions, out));
        out.flush();
        return complete ? 0 : 1;
    }

    private String site() throws Exception {
        Configuration configuration = folders.configuration();
        List<String> names = configuration.sites().stream().map(Site::name).toList();
        if (site == null && names.size() == 1) {
            return names.get(0);
        }
        if (site == null || !names.contains(site)) {
            throw CommandErrors.usage("The site is missing. Set --site to one of " + String.join(", ", names) + ".");
        }
        return site;
    }

    private boolean importAll(String siteName, ReportActions actions, PrintWriter out) throws Exception {
        boolean complete = true;
        for (Path file : files) {
            ImportResult imported = actions.importFile(siteName, String.valueOf(file.getFileName()), file);
            complete &= imported.problems().isEmpty();
            print(file, imported, out);
            out.flush();
        }
        return complete;
    }

    private static void print(Path file, ImportResult imported, PrintWriter out) {
        out.printf("%s: %s, %d new%n", file, Plural.of(imported.reports(), "report"), imported.fresh());
        imported.problems().forEach(each -> out.printf("  %s%n", Table.plain(each)));
    }
}
