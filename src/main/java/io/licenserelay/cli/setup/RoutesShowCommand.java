package io.licenserelay.cli.setup;

import io.licenserelay.app.route.OwnRouteFile;
import io.licenserelay.app.route.PackedRoutes;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code routes show}: a packed file, with the line by which a copy remembers what it was made from. */
@Command(
        name = "show",
        description = "Prints a packed route file. Its first line names its digest, so that a copy remembers it.",
        exitCodeList = {"0:printed", "2:no packed route file has this name"})
final class RoutesShowCommand extends RelayCommand {
    @Parameters(paramLabel = "NAME", description = "Such as 24-account or 24-account.camel.yaml.")
    private String name = "";

    @Override
    public Integer call() throws CommandErrors.Refusal {
        String file = name.endsWith(PackedRoutes.SUFFIX) ? name : name + PackedRoutes.SUFFIX;
        if (!PackedRoutes.names().contains(file)) {
            throw CommandErrors.usage(
                    "No packed route file is named " + file + "; license-relay routes list has the names.");
        }
        out().print(OwnRouteFile.copyOf(file));
        out().flush();
        return 0;
    }
}
