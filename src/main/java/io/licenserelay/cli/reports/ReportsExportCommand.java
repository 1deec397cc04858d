package io.licenserelay.cli.reports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.CsvWriter;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.reports.ledger.LedgerView.Timed;
import io.licenserelay.store.Database;
import io.licenserelay.text.Json;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reports export}: prints the ledger as CSV for auditors. */
@Command(
        name = "export",
        description = "Prints the usage reports as CSV (RFC 4180, UTF-8), oldest first.",
        exitCodeList = {"0:printed", "2:no state, or bad options"})
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

    /** The columns have the names of the fields in a report's JSON. */
    private static List<String> row(Timed timed) {
        ObjectNode report = timed.report().toJson();
        Json.putText(report, "submittedAt", timed.submittedAt());
        Json.putText(report, "acknowledgedAt", timed.acknowledgedAt());
        return HEADS.stream().map(head -> report.path(head).asText()).toList();
    }
}
