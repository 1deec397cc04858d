package io.licenserelay.cli.reports;

import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reports list}: lists the ledger, oldest first. */
@Command(
        name = "list",
        description = "Lists the usage reports, oldest first.",
        exitCodeList = {"0:listed", "2:no state, or bad options"})
final class ReportsListCommand extends RelayCommand {
    private static final List<String> HEADS = List.of("DIGEST", "STATE", "PLACE", "DEVICE", "REPORT", "SINCE", "WHY");

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Reports in this state only: ${COMPLETION-CANDIDATES}.")
    private @Nullable ReportState state;

    @Option(
            names = "--device",
            paramLabel = "UDI",
            description = "Reports of this device only: its serial number, or PID:…,SN:…")
    private @Nullable String device;

    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        try (Database database = folders.state()) {
            LedgerView view = new LedgerView(database);
            output.<ReportEntry>list(
                    "reports",
                    HEADS,
                    each -> view.each(state, device, each),
                    ReportEntry::toJson,
                    ReportsListCommand::row);
        }
        return 0;
    }

    private static List<String> row(ReportEntry report) {
        String number = report.reportId();
        String reason = report.reason();
        return List.of(
                report.digest().substring(0, 12),
                report.state().wireName(),
                report.place().toString(),
                report.udi().toString(),
                number == null ? "" : number,
                Table.time(report.changedAt()),
                reason == null ? "" : reason);
    }
}
