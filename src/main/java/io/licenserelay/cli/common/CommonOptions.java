package io.licenserelay.cli.common;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The folder options of every command. A command accepts all of them, even if it uses only one. */
public final class CommonOptions {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            defaultValue = "config",
            description = "The folder of relay.yaml and application.properties (default: ${DEFAULT-VALUE}/).")
    public Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "The folder of the relay's state (default: ${DEFAULT-VALUE}/).")
    public Path data;

    @Mixin
    private RouteFolderOption routes;

    public Configuration configuration() throws BadConfiguration {
        return Configuration.read(config, data, Map.copyOf(System.getenv()));
    }

    /** The configuration, whose secrets and trust files need not exist yet. */
    public Configuration draft() throws BadConfiguration {
        return Configuration.draft(config, data, Map.copyOf(System.getenv()));
    }

    /** @throws BadRoutes when the folder of route files cannot be used */
    public RouteFiles routes() throws BadRoutes {
        return routes.files(config);
    }

    /** The settings of application.properties. Does not read relay.yaml. */
    public Settings settings() throws BadConfiguration {
        return Configuration.settings(config, Map.copyOf(System.getenv()));
    }

    /**
     * Opens the database in the data folder for reading. The caller closes it.
     *
     * @throws CommandErrors.Refusal if the folder contains no database
     */
    public Database state() throws CommandErrors.Refusal {
        return Database.reading(data)
                .orElseThrow(() -> CommandErrors.usage("No relay state in " + data + "; see --data."));
    }
}
