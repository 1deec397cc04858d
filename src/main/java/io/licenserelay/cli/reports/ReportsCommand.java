package io.licenserelay.cli.reports;

import io.licenserelay.actions.ReportActions;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommonOptions;
import io.licenserelay.cli.common.OwnerAccess;
import io.licenserelay.config.Configuration;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.reports.submit.NotResendable;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code reports}: shows the state of every usage report and changes it by hand. */
@Command(
        name = "reports",
        mixinStandardHelpOptions = true,
        description = "Shows the state of every usage report, and changes it by hand. Also works while a relay runs.",
        subcommands = {
            ReportsListCommand.class,
            ReportsDevicesCommand.class,
            ReportsShowCommand.class,
            ReportsImportCommand.class,
            ReportsResendCommand.class,
            ReportsRetryCommand.class,
            ReportsExportCommand.class,
            ReportsProofCommand.class
        })
public final class ReportsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "A subcommand is missing: list, devices, show, import, resend, retry, export or proof.");
    }

    /** The only report whose digest starts with the given text. */
    static ReportEntry only(LedgerView view, String digest) throws CommandErrors.Refusal {
        List<ReportEntry> found = view.startingWith(digest.toLowerCase(Locale.ROOT));
        if (found.size() == 1) {
            return found.get(0);
        }
        String problem =
                found.isEmpty() ? "No report's digest starts with " : "More than one report's digest starts with ";
        throw CommandErrors.failure(problem + digest + "; see \"reports list\".");
    }

    interface Action<T> {
        T with(ReportActions actions) throws Exception;
    }

    /**
     * Runs the action at the owner of the site, see {@link OwnerAccess}.
     *
     * @throws CommandErrors.Refusal if the state of the report does not allow it
     */
    static <T> T act(CommonOptions folders, Action<T> action) throws Exception {
        Configuration configuration = folders.configuration();
        try {
            return OwnerAccess.act(folders, configuration, action::with, relay -> {
                if (relay.database().isShared()) {
                    // Only a node of the cluster may write.
                    relay.start(folders.routes(), false);
                }
                return action.with(relay.asReportActions());
            });
        } catch (NotResendable e) {
            throw CommandErrors.failure(String.valueOf(e.getMessage()));
        }
    }
}
