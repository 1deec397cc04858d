package io.licenserelay.cli.setup;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.OwnRouteFile;
import io.licenserelay.app.route.PackedRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.cli.common.RelayCommand;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** {@code routes list}: lists the route files in use, by name. */
@Command(
        name = "list",
        description = "Lists the route files in use: packed, added, replaced or disabled.",
        exitCodeList = {"0:listed", "2:the folder of route files cannot be used"})
final class RoutesListCommand extends RelayCommand {
    @Override
    public Integer call() throws BadRoutes {
        RouteFiles routes = folders.routes();
        Map<String, String> lines = new TreeMap<>();
        PackedRoutes.names().forEach(name -> lines.put(name, "packed"));
        routes.own().forEach(file -> lines.put(file.name(), effect(file)));
        PrintWriter out = out();
        lines.forEach((name, effect) -> out.printf("%-36s %s%n", name, effect));
        out.printf("%n%s%n", routes);
        out.flush();
        return 0;
    }

    private static String effect(OwnRouteFile file) {
        return switch (file.effect()) {
            case ADDED -> "added: " + file.path();
            case REPLACES ->
                (file.isOutdated() ? "replaced, and the packed file has changed since: " : "replaced: ") + file.path();
            case SAME -> "packed, with an equal copy in " + file.path();
            case OFF -> "disabled: " + file.path();
        };
    }
}
