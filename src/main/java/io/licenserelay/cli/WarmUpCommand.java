package io.licenserelay.cli;

import io.licenserelay.app.Relay;
import io.licenserelay.app.TemporaryFolder;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.web.WebModule;
import io.licenserelay.config.Configuration;
import io.licenserelay.sync.run.Schedules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code warm-up}: starts a relay like {@code run} does, with a site that does not exist, and stops it. {@link ClassArchive} stores the
 * classes that the JVM loaded, so that later starts are faster.
 */
@Command(
        name = WarmUpCommand.NAME,
        hidden = true,
        description = "Starts a relay that contacts no server, and stops it.")
final class WarmUpCommand implements Callable<Integer> {
    static final String NAME = "warm-up";

    private static final String CONFIG = """
            sites:
              - name: nowhere
                ssm:
                  # Port 9 of this machine, so that no packet leaves the machine.
                  url: https://127.0.0.1:9
                  client: { id: none, secret: env:NONE }
                accounts: [none]
            """;
    private static final String PROPERTIES = """
            relay.kafka.brokers=127.0.0.1:9
            relay.web.address=127.0.0.1:0
            """;

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder temporary = TemporaryFolder.create("license-relay-warm-up")) {
            Path folder = temporary.path();
            Files.writeString(folder.resolve("relay.yaml"), CONFIG, StandardCharsets.UTF_8);
            Files.writeString(folder.resolve("application.properties"), PROPERTIES, StandardCharsets.UTF_8);
            start(folder);
        }
        return 0;
    }

    private static void start(Path folder) throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Configuration configuration = Configuration.read(folder, data, Map.of("NONE", "none"), Map.of());
        try (Relay relay = new Relay(configuration, data, Clock.systemUTC());
                WebModule web = new WebModule(configuration.settings().web(), data, Clock.systemUTC())) {
            relay.serve(web);
            // Without the schedule: a scheduled site would be due at once, and close() would wait for its run.
            relay.start(RouteFiles.PACKED, false);
            relay.sites()
                    .all()
                    .forEach(site -> Schedules.next(site, Clock.systemUTC().instant()));
            web.listen();
        }
    }
}
