package io.licenserelay.bench;

import io.licenserelay.app.Relay;
import io.licenserelay.config.Configuration;
import io.licenserelay.sync.run.SyncResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts relays as the command line does, with all routes or without the route that publishes events. */
final class Relays {
    private Relays() {}

    static Relay started(Path config, Path data, Path routes) throws Exception {
        Configuration configuration = Configuration.read(config, System.getenv(), Map.of());
        Relay relay = new Relay(configuration, Files.createDirectories(data), Clock.systemUTC());
        relay.start(routes, false);
        return relay;
    }

    /** Returns a folder with a route file that disables publishing: events stay in the outbox. */
    static Path routesWithoutPublishing(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("60-publish.camel.yaml"), "# nothing is published\n");
        return folder;
    }

    /** Runs one sync and fails if it is not complete, because its time would mean nothing. */
    static SyncResult sync(Relay relay) throws InterruptedException {
        SyncResult result = relay.asSyncs().sync(null, false).get(0);
        if (!result.outcome().equals("complete")) {
            throw new IllegalStateException("the sync was " + result.outcome() + ": " + result.incidents());
        }
        return result;
    }

    /** Returns the peak of the resident memory of this process in MB, as Linux counts it. */
    static double peakResidentMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String peak = lines.filter(line -> line.startsWith("VmHWM:"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("/proc/self/status does not contain VmHWM"));
            return Long.parseLong(peak.replaceAll("\\D", "")) / 1024.0;
        }
    }

    static List<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }
}
