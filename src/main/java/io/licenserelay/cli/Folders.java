package io.licenserelay.cli;

import io.licenserelay.site.BadConfiguration;
import io.licenserelay.site.Configuration;
import io.licenserelay.site.Settings;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The folders that every command takes, also a command that needs only one of them. */
final class Folders {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            defaultValue = "config",
            description = "Where relay.yaml and application.properties are (default: ${DEFAULT-VALUE}/).")
    Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where the relay keeps its state (default: ${DEFAULT-VALUE}/).")
    Path data;

    @Mixin
    RouteFolder routes;

    Configuration configuration() throws BadConfiguration {
        return Configuration.read(config, data, Map.copyOf(System.getenv()));
    }

    /** Those of application.properties; relay.yaml is not read. */
    Settings settings() throws BadConfiguration {
        return Configuration.settings(config, Map.copyOf(System.getenv()));
    }

    /**
     * The state that a relay kept in the data folder, for reading; the caller closes it.
     *
     * @throws Complaints.Refusal when there is none
     */
    Database state() throws Complaints.Refusal {
        return Database.reading(data)
                .orElseThrow(() -> new Complaints.Refusal(
                        Complaints.WRONGLY_ASKED, "No relay has kept anything in " + data + "; see --data."));
    }
}
