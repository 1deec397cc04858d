package io.licenserelay.cli.common;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the folder of the operator's route files, which overlay the packed ones. */
public final class RouteFolderOption {
    private static final String STANDARD = "routes.d";

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            description = {
                "The folder of your own route files, which overlay the packed ones. A file with a new name is added."
                        + " A file with the name of a packed file replaces it. An empty file disables it"
                        + " (default: routes.d/ beside relay.yaml, if it exists)."
            })
    private @Nullable Path given;

    /**
     * The packed route files, overlaid by those of the folder. Without a folder, only the packed ones.
     *
     * @param config the folder of relay.yaml
     * @throws BadRoutes if the given folder does not exist, or its files are invalid
     */
    public RouteFiles files(Path config) throws BadRoutes {
        if (given != null && !Files.isDirectory(given)) {
            throw new BadRoutes("--routes: the folder " + given
                    + " does not exist. Correct the path, or omit --routes to use the packed routes.");
        }
        Path folder = given == null ? config.resolve(STANDARD) : given;
        return Files.isDirectory(folder) ? RouteFiles.overlaidBy(folder) : RouteFiles.PACKED;
    }
}
