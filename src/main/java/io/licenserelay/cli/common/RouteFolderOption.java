package io.licenserelay.cli.common;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the folder of route files that are laid over the packed ones. */
public final class RouteFolderOption {
    private static final String STANDARD = "routes.d";

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            description = {
                "Route files of your own, laid over the packed ones: a new name adds, the name of a packed file replaces it,"
                        + " an empty file switches it off (default: routes.d/ beside relay.yaml, if it exists)."
            })
    private @Nullable Path given;

    /**
     * The packed route files with those of the folder over them; the packed ones alone when there is no folder.
     *
     * @param config the folder of relay.yaml
     * @throws BadRoutes when the folder was named and does not exist, or cannot be used
     */
    public RouteFiles files(Path config) throws BadRoutes {
        if (given != null && !Files.isDirectory(given)) {
            throw new BadRoutes("There is no folder " + given
                    + " for --routes: correct the path, or leave --routes out to use the packed routes.");
        }
        Path folder = given == null ? config.resolve(STANDARD) : given;
        return Files.isDirectory(folder) ? RouteFiles.overlaidBy(folder) : RouteFiles.PACKED;
    }
}
