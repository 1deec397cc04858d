package io.licenserelay.cli;

import io.licenserelay.site.BadConfiguration;
import io.licenserelay.site.Configuration;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The folders that every command takes. */
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

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            defaultValue = "routes",
            description =
                    "Route files that replace the packed ones as a whole (default: ${DEFAULT-VALUE}/, if it is there).")
    Path routes;

    Configuration configuration() throws BadConfiguration {
        return Configuration.read(config, Map.copyOf(System.getenv()));
    }

    /**
     * The state that a relay kept there, for reading; the caller closes it.
     *
     * @throws Complaints.Refusal when there is none
     */
    static Database state(Path data) throws Complaints.Refusal {
        return Database.reading(data)
                .orElseThrow(() -> new Complaints.Refusal(
                        Complaints.WRONGLY_ASKED, "No relay has kept anything in " + data + "; see --data."));
    }
}
