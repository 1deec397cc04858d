package io.licenserelay.cli.reports;

import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.Database;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reports resend}: sends a rejected or unanswered report again. */
@Command(
        name = "resend",
        description = "Sends a rejected or unanswered report again with the next push, byte for byte.",
        exitCodeList = {
            "0:the next push sends it",
            "1:no such report, or its state does not allow it",
            "2:bad configuration or options"
        })
final class ReportsResendCommand extends RelayCommand {
    @Parameters(paramLabel = "DIGEST", description = "The SHA-256 of the report's payload, or a unique prefix of it.")
    private String digest = "";

    @Override
    public Integer call() throws Exception {
        String whole;
        try (Database database = folders.state()) {
            whole = ReportsCommand.only(new LedgerView(database), digest).digest();
        }
        PrintWriter out = out();
        String answer = ReportsCommand.act(folders, actions -> actions.resend(whole));
        out.println(answer);
        out.flush();
        return 0;
    }
}
