package io.licenserelay.bench;

import io.licenserelay.app.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** In a JVM of its own: runs as often as it takes until every report's acknowledgement lies in the outbox folder. */
final class RelayReports {
    private static final String LAID_DOWN = "SELECT COUNT(*) FROM report WHERE ack_file IS NOT NULL";

    private RelayReports() {}

    public static void main(String[] arguments) throws Exception {
        Path place = Path.of(arguments[1]);
        long each = Long.parseLong(arguments[2]);
        Path routes = Relays.routesWithoutPublishing(place.resolve("routes"));
        try (Relay relay = Relays.started(Path.of(arguments[0]), place.resolve("data"), routes)) {
            for (int batch = 0; batch < ReportsBenchmark.BATCHES; batch++) {
                long expected = each * (batch + 1);
                drop(ReportsBenchmark.batch(place, batch), place.resolve("reports/inbox"));
                long before = written();
                ChildJvm.Work work = () -> {
                    while (laidDown(relay) < expected) {
                        Relays.sync(relay);
                    }
                };
                String name = ReportsBenchmark.name(batch);
                ChildJvm.timed(name, work);
                ChildJvm.say(name + " written", (written() - before) / 1e6);
            }
        }
        ChildJvm.say("resident", Relays.residentMegabytes());
    }

    private static void drop(Path batch, Path inbox) throws IOException {
        Files.createDirectories(inbox);
        try (Stream<Path> files = Files.list(batch)) {
            for (Path file : files.toList()) {
                Files.move(file, inbox.resolve(file.getFileName()));
            }
        }
    }

    private static long laidDown(Relay relay) {
        return relay.database()
                .read(tx -> tx.createQuery(LAID_DOWN).mapTo(Long.class).one());
    }

    /** Bytes that this process sent to the disk so far, as Linux counts them. */
    private static long written() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
            return lines.filter(line -> line.startsWith("write_bytes:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("this system does not tell what a process writes"));
        }
    }
}
