package io.licenserelay.cli.reports;

import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.store.Database;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reports resend}: a report that was rejected, or that nobody answers, once more. */
@Command(
        name = "resend",
        description = "Has a rejected or unanswered report sent again by the next push, the same bytes.",
        exitCodeList = {"0:it goes out", "1:no such report, or it makes no sense", "2:bad configuration or options"})
final class ReportsResendCommand extends RelayCommand {
    @Parameters(paramLabel = "DIGEST", description = "The SHA-256 of its payload, or enough of its beginning.")
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
