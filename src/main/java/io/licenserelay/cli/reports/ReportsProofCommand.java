package io.licenserelay.cli.reports;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.bundle.ProofArchive;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.Database;
import io.licenserelay.text.Plural;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reports proof}: writes one zip that proves the delivery of reports. */
@Command(
        name = "proof",
        description = "Writes payloads, exchanges, acknowledgements and their digests into one zip file.",
        exitCodeList = {"0:written", "1:no such report, or the file exists", "2:no state, or bad options"})
final class ReportsProofCommand extends RelayCommand {
    private static final int MOST = 10_000;

    @ArgGroup(multiplicity = "1")
    private Selection selection = new Selection();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "proof.zip",
            description = "The zip file (default: ${DEFAULT-VALUE}). An existing file is not replaced.")
    private Path output;

    /** One report, or all reports of a device. */
    static final class Selection {
        @Parameters(
                paramLabel = "DIGEST",
                description = "The SHA-256 of the report's payload, or a unique prefix of it.")
        private @Nullable String digest;

        @Option(
                names = "--device",
                paramLabel = "UDI",
                description = "All reports of this device: its serial number, or PID:…,SN:…")
        private @Nullable String device;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = out();
        try (Database database = folders.state()) {
            List<ReportEntry> reports = reports(new LedgerView(database));
            Path part = AtomicFiles.part(output);
            if (Files.exists(output)) {
                throw CommandErrors.failure(output + " exists already; set another --output.");
            }
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(part))) {
                new ProofArchive(database).write(reports, file);
            }
            AtomicFiles.complete(part, output);
            out.printf("%s: %s%n", output, Plural.of(reports.size(), "report"));
        }
        out.flush();
        return 0;
    }

    private List<ReportEntry> reports(LedgerView view) throws CommandErrors.Refusal {
        if (selection.digest != null) {
            return List.of(ReportsCommand.only(view, selection.digest));
        }
        List<ReportEntry> reports = new ArrayList<>();
        view.each(null, selection.device, report -> {
            if (reports.size() < MOST) {
                reports.add(report);
            }
        });
        if (reports.isEmpty()) {
            throw CommandErrors.failure("No reports of device " + selection.device + "; see \"reports list\".");
        }
        return reports;
    }
}
