package io.licenserelay.cli.setup;

import io.licenserelay.app.route.OwnRouteFile;
import io.licenserelay.app.route.PackedRoutes;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code routes show}: prints a packed file, with a first line that identifies the original of a copy. */
@Command(
        name = "show",
        description =
                "Prints a packed route file. The first line contains the digest of the original, so that check can detect later changes.",
        exitCodeList = {"0:printed", "2:no packed route file has this name"})
final class RoutesShowCommand extends RelayCommand {
    @Parameters(paramLabel = "NAME", description = "The file, for example 24-account or 24-account.camel.yaml.")
    private String name = "";

    @Override
    public Integer call() throws CommandErrors.Refusal {
        String file = name.endsWith(PackedRoutes.SUFFIX) ? name : name + PackedRoutes.SUFFIX;
        if (!PackedRoutes.names().contains(file)) {
            throw CommandErrors.usage(
                    "No packed route file is named " + file + ". \"license-relay routes list\" lists the names.");
        }
        out().print(OwnRouteFile.copyOf(file));
        out().flush();
        return 0;
    }
}
