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

/** The folders that every command takes, also a command that needs only one of them. */
public final class CommonOptions {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            defaultValue = "config",
            description = "Where relay.yaml and application.properties are (default: ${DEFAULT-VALUE}/).")
    public Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where the relay keeps its state (default: ${DEFAULT-VALUE}/).")
    public Path data;

    @Mixin
    private RouteFolderOption routes;

    public Configuration configuration() throws BadConfiguration {
        return Configuration.read(config, data, Map.copyOf(System.getenv()));
    }

    /** @throws BadRoutes when the folder of route files cannot be used */
    public RouteFiles routes() throws BadRoutes {
        return routes.files(config);
    }

    /** Those of application.properties; relay.yaml is not read. */
    public Settings settings() throws BadConfiguration {
        return Configuration.settings(config, Map.copyOf(System.getenv()));
    }

    /**
     * The state that a relay kept in the data folder, for reading; the caller closes it.
     *
     * @throws CommandErrors.Refusal when there is none
     */
    public Database state() throws CommandErrors.Refusal {
        return Database.reading(data)
                .orElseThrow(() -> CommandErrors.usage("No relay has kept anything in " + data + "; see --data."));
    }
}
