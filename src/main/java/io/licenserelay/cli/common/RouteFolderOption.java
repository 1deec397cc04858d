package io.licenserelay.cli.common;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the route files that replace the packed ones. */
public final class RouteFolderOption {
    private static final Path STANDARD = Path.of("routes");
    private static final String FILES = "*.camel.yaml";

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            description =
                    "Route files that replace the packed ones as a whole (default: routes/, if that folder exists).")
    private @Nullable Path given;

    /**
     * The folder of the route files; empty when the packed ones serve.
     *
     * @throws BadRoutes when the folder was named and does not exist, or holds no route file
     */
    public RouteFiles files() throws BadRoutes {
        if (given == null && !Files.isDirectory(STANDARD)) {
            return RouteFiles.PACKED;
        }
        Path folder = given == null ? STANDARD : given;
        if (!Files.isDirectory(folder)) {
            throw new BadRoutes("There is no folder " + folder
                    + " for --routes: correct the path, or leave --routes out to use the packed routes.");
        }
        if (!holdsFiles(folder)) {
            throw new BadRoutes("The folder " + folder + " holds no route file (" + FILES
                    + "): copy the routes that came with the relay into it, or name another folder with --routes.");
        }
        return RouteFiles.of(folder);
    }

    private static boolean holdsFiles(Path folder) throws BadRoutes {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, FILES)) {
            return files.iterator().hasNext();
        } catch (IOException e) {
            throw new BadRoutes("The folder " + folder + " of --routes cannot be read (" + e.getMessage()
                    + "): let this user read it.");
        }
    }
}
