package io.licenserelay.cli.reports;

import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.CsvWriter;
import io.licenserelay.reports.HoldReason;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.reports.ledger.LedgerView.Timed;
import io.licenserelay.store.Database;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reports export}: the ledger for an auditor, one row after the other. */
@Command(
        name = "export",
        description = "Prints the usage reports as CSV (RFC 4180, UTF-8), oldest first.",
        exitCodeList = {"0:printed", "2:no state in the data folder, or bad options"})
final class ReportsExportCommand extends RelayCommand {
    private static final List<String> HEADS = List.of(
            "digest",
            "site",
            "account",
            "virtualAccount",
            "udiPid",
            "udiSerialNumber",
            "reportId",
            "entitlementTag",
            "startsAt",
            "endsAt",
            "state",
            "reason",
            "hold",
            "origin",
            "receivedAt",
            "submittedAt",
            "acknowledgedAt",
            "submissionId",
            "ackProof",
            "ackDigest",
            "ackFile",
            "clockJump");

    @Option(names = "--state", paramLabel = "STATE", description = "Only these: ${COMPLETION-CANDIDATES}.")
    private @Nullable ReportState state;

    @Option(names = "--device", paramLabel = "UDI", description = "Only those of this device.")
    private @Nullable String device;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = out();
        try (Database database = folders.state()) {
            CsvWriter.write(HEADS, out);
            new LedgerView(database).eachTimed(state, device, each -> CsvWriter.write(row(each), out));
        }
        out.flush();
        return 0;
    }

    private static List<@Nullable Object> row(Timed timed) {
        ReportEntry report = timed.report();
        HoldReason hold = report.hold();
        return Arrays.asList(
                report.digest(),
                report.place().site(),
                report.place().account(),
                report.place().va(),
                report.udi().pid(),
                report.udi().serial(),
                report.reportId(),
                report.entitlementTag(),
                report.startsAt(),
                report.endsAt(),
                report.state().wireName(),
                report.reason(),
                hold == null ? null : hold.wireName(),
                report.origin(),
                report.receivedAt(),
                timed.submittedAt(),
                timed.acknowledgedAt(),
                report.submissionId(),
                report.ackProof(),
                report.ackDigest(),
                report.ackFile(),
                report.clockJump());
    }
}
