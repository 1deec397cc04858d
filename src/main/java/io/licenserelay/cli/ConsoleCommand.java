package io.licenserelay.cli;

import io.licenserelay.actions.RunningRelay;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.common.RelayCommand;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code console}: logs a browser in to the console of the relay that runs on the data folder. */
@Command(
        name = "console",
        description =
                "Prints an address that logs a browser in once, to the console of the relay that runs on the data folder.",
        exitCodeList = {"0:printed", "1:no relay runs on the data folder, or it has no console"})
final class ConsoleCommand extends RelayCommand {
    @Mixin
    private CommandOutput output;

    @Override
    public Integer call() throws Exception {
        try {
            URI address = new RunningRelay(folders.data).newLoginAddress();
            output.print(() -> Map.of("url", address.toString()), out -> out.println(address));
            return 0;
        } catch (RunningRelay.Unreachable e) {
            throw CommandErrors.failure(String.valueOf(e.getMessage()));
        }
    }
}
