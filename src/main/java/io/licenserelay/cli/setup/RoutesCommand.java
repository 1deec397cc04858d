package io.licenserelay.cli.setup;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.OwnRouteFile;
import io.licenserelay.app.route.PackedRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.cli.common.CommonOptions;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code routes}: which route files are used, and the packed ones to copy. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description =
                "Lists the route files that are used; `routes show NAME` prints a packed one, to be copied and changed.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:printed", "2:no packed route file has this name, or the folder cannot be used"})
public final class RoutesCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions folders;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadRoutes {
        PrintWriter out = spec.commandLine().getOut();
        RouteFiles routes = folders.routes();
        Map<String, OwnRouteFile> own =
                routes.own().stream().collect(Collectors.toMap(OwnRouteFile::name, Function.identity()));
        Map<String, String> lines = new TreeMap<>();
        PackedRoutes.names().forEach(name -> lines.put(name, "packed"));
        own.forEach((name, file) -> lines.put(name, word(file)));
        lines.forEach((name, word) -> out.printf("%-36s %s%n", name, word));
        out.println();
        out.println(routes);
        out.flush();
        return 0;
    }

    private static String word(OwnRouteFile file) {
        return switch (file.effect()) {
            case ADDED -> "added: " + file.path();
            case REPLACES ->
                (file.isOutdated() ? "replaced, and the packed one has changed since: " : "replaced: ") + file.path();
            case SAME -> "packed, and the same in " + file.path();
            case OFF -> "switched off: " + file.path();
        };
    }

    /** {@code routes show}: the packed file, with the line by which a copy remembers what it was made from. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints a packed route file; its first line names its digest, so that a copy remembers it.",
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {"0:printed", "2:no packed route file has this name"})
    static final class Show implements Callable<Integer> {
        @Mixin
        private CommonOptions folders;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "Such as 24-account or 24-account.camel.yaml.")
        private String name;

        @Override
        public Integer call() {
            String file = name.endsWith(PackedRoutes.SUFFIX) ? name : name + PackedRoutes.SUFFIX;
            if (!PackedRoutes.names().contains(file)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "No packed route file is named " + file + "; license-relay routes lists them.");
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(OwnRouteFile.copyOf(file));
            out.flush();
            return 0;
        }
    }
}
