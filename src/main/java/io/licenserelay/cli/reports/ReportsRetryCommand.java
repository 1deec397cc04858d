package io.licenserelay.cli.reports;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.quarantine.Quarantine;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reports retry}: what was put aside since reading it ended the relay, once more. */
@Command(
        name = "retry",
        description = {
            "Lists the files and records that were put aside since reading them ended the relay; with an ID, reads that one again.",
            "What is of no use then lies in rejected/ with the reason; if the relay dies of it again, it stays put aside."
        },
        exitCodeList = {
            "0:listed, or all of it was good",
            "1:no such ID, or something in it was of no use",
            "2:bad configuration or options"
        })
final class ReportsRetryCommand extends RelayCommand {
    @Parameters(paramLabel = "ID", arity = "0..1", description = "What to read again, as listed.")
    private @Nullable String id;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = out();
        String wanted = id;
        if (wanted == null) {
            list(out);
            out.flush();
            return 0;
        }
        ImportResult read = ReportsCommand.act(folders, actions -> actions.retry(wanted));
        out.println(read.reports() + " report(s), " + read.fresh() + " of them new");
        read.problems().forEach(each -> out.println("  " + each));
        out.flush();
        return read.problems().isEmpty() ? 0 : CommandErrors.FAILED;
    }

    private void list(PrintWriter out) throws Exception {
        List<Quarantine.Item> items = new Quarantine(folders.data, Clock.systemUTC()).items();
        if (items.isEmpty()) {
            out.println("Nothing is put aside.");
        }
        for (Quarantine.Item each : items) {
            out.printf(
                    "%s  %s  %s  %d bytes  %s: %s%n",
                    each.id(), each.at(), each.place(), Files.size(each.content()), each.name(), each.why());
        }
    }
}
