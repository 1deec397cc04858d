package io.licenserelay.bench;

import io.licenserelay.cli.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** In a JVM of its own: runs as often as it takes until every report's acknowledgement lies in the outbox folder. */
final class RelayReports {
    private static final String LAID_DOWN = "SELECT COUNT(*) FROM report WHERE ack_file IS NOT NULL";

    private RelayReports() {}

    public static void main(String[] arguments) throws Exception {
        long expected = Long.parseLong(arguments[3]);
        try (Relay relay = Relays.started(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]))) {
            long before = written();
            ChildJvm.timed("reports", () -> {
                while (laidDown(relay) < expected) {
                    Relays.sync(relay);
                }
            });
            ChildJvm.say("written", (written() - before) / 1e6);
        }
        ChildJvm.say("resident", Relays.residentMegabytes());
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
