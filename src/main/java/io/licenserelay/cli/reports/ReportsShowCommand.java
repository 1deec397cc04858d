package io.licenserelay.cli.reports;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.ReportContent;
import io.licenserelay.cli.output.Table;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.reports.ledger.LedgerView.Transition;
import io.licenserelay.store.Database;
import io.licenserelay.view.reports.ReportList;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code reports show}: shows one report with its history. */
@Command(
        name = "show",
        description = "Shows one usage report, its content and every state it was in.",
        exitCodeList = {"0:shown", "1:no such report", "2:no state, or bad options"})
final class ReportsShowCommand extends RelayCommand {
    @Parameters(paramLabel = "DIGEST", description = "The SHA-256 of the report's payload, or a unique prefix of it.")
    private String digest = "";

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        try (Database database = folders.state()) {
            LedgerView view = new LedgerView(database);
            ReportEntry report = ReportsCommand.only(view, digest);
            List<Transition> history = view.history(report.digest());
            output.print(() -> new ReportList(database, Clock.systemUTC()).detail(report), out -> {
                print(report, history, out);
                new ReportContent(view).print(report, out);
            });
        }
        return 0;
    }

    private static void print(ReportEntry report, List<Transition> history, PrintWriter out) {
        for (var field : report.toJson().properties()) {
            JsonNode value = field.getValue();
            out.printf("%-16s %s%n", field.getKey(), Table.plain(value.asText()));
        }
        out.println();
        for (Transition each : history) {
            String reason = each.reason() == null ? "" : "  " + Table.plain(each.reason());
            out.printf("%s  %s%s%n", each.at(), each.state().wireName(), reason);
        }
    }
}
