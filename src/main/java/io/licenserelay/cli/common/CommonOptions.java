package io.licenserelay.cli.common;

import io.licenserelay.app.member.StoredState;
import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.watch.ConfigurationWatch;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The folder options of every command. A command accepts all of them, even if it uses only one. */
public final class CommonOptions {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            defaultValue = "config",
            description = "The folder of relay.yaml, sites.d/ and application.properties (default: ${DEFAULT-VALUE}/).")
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

    /** Watches the files of {@link #configuration}. */
    public ConfigurationWatch watch(Configuration started, Clock clock) {
        return new ConfigurationWatch(started, data, Map.copyOf(System.getenv()), Configuration.ofThisJvm(), clock);
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
     * Opens the state of the relay or of the cluster for reading. The caller closes it.
     *
     * @throws CommandErrors.Refusal if there is no state
     * @throws BadConfiguration if the block {@code relay} of relay.yaml is invalid
     */
    public Database state() throws CommandErrors.Refusal, BadConfiguration {
        StoredState state = stored();
        return state.reading().orElseThrow(() -> CommandErrors.usage("No " + noState(state)));
    }

    /**
     * Where the state is. Reads only the block {@code relay} of relay.yaml.
     *
     * @throws BadConfiguration if that block is invalid
     */
    public StoredState stored() throws BadConfiguration {
        return new StoredState(data, Configuration.cluster(config, Map.copyOf(System.getenv())));
    }

    /** Why there is nothing to read, and what to do, as the end of a sentence. */
    public static String noState(StoredState state) {
        return "relay state in " + state
                + (state.cluster().isPresent() ? "; no relay has used it yet." : "; see --data.");
    }
}
