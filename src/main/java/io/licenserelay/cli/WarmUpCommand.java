package io.licenserelay.cli;

import io.licenserelay.console.LocalApi;
import io.licenserelay.site.Configuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code warm-up}: starts a relay as {@code run} does, of a site that is nowhere, and ends it. The launcher keeps what the
 * JVM loaded by it, so that every later start is faster.
 */
@Command(name = "warm-up", hidden = true, description = "Starts a relay that talks to nobody, and ends it.")
final class WarmUpCommand implements Callable<Integer> {
    private static final String CONFIG = """
            sites:
              - name: nowhere
                ssm:
                  # Port 9 of this machine: nothing may leave it.
                  url: https://127.0.0.1:9
                  client: { id: none, secret: env:NONE }
                accounts: [none]
            """;
    private static final String PROPERTIES = """
            relay.kafka.brokers=127.0.0.1:9
            """;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("license-relay-warm-up");
        try {
            Files.writeString(folder.resolve("relay.yaml"), CONFIG, StandardCharsets.UTF_8);
            Files.writeString(folder.resolve("application.properties"), PROPERTIES, StandardCharsets.UTF_8);
            start(folder);
        } finally {
            delete(folder);
        }
        return 0;
    }

    private static void start(Path folder) throws Exception {
        Configuration configuration = Configuration.read(folder, Map.of("NONE", "none"), Map.of());
        Path data = Files.createDirectory(folder.resolve("data"));
        try (Relay relay = new Relay(configuration, data, Clock.systemUTC())) {
            // A site on its schedule would be due at once, and its end waited for.
            relay.start(folder.resolve("routes"), false);
            relay.camel().getComponent("quartz", true, true);
            LocalApi.start(data, relay.asSyncs(), relay.asReportActions()).close();
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
