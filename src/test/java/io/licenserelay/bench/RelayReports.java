package io.licenserelay.bench;

import io.licenserelay.app.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** In a separate JVM: syncs until the acknowledgement of every report is in the outbox folder. */
final class RelayReports {
    private static final String WITH_ACK_FILE = "SELECT COUNT(*) FROM report WHERE ack_file IS NOT NULL";

    private RelayReports() {}

    public static void main(String[] arguments) throws Exception {
        Path workDir = Path.of(arguments[1]);
        long reportsPerBatch = Long.parseLong(arguments[2]);
        Path routes = Relays.routesWithoutPublishing(workDir.resolve("routes"));
        try (Relay relay = Relays.started(Path.of(arguments[0]), workDir.resolve("data"), routes)) {
            for (int batch = 0; batch < ReportsBenchmark.BATCHES; batch++) {
                long expected = reportsPerBatch * (batch + 1);
                moveToInbox(ReportsBenchmark.batch(workDir, batch), workDir.resolve("reports/inbox"));
                long writtenBefore = writtenBytes();
                ChildJvm.Work work = () -> {
                    while (acknowledged(relay) < expected) {
                        Relays.sync(relay);
                    }
                };
                String name = ReportsBenchmark.name(batch);
                ChildJvm.timed(name, work);
                ChildJvm.print(name + " written", (writtenBytes() - writtenBefore) / 1e6);
            }
        }
        ChildJvm.print("resident", Relays.peakResidentMegabytes());
    }

    private static void moveToInbox(Path batch, Path inbox) throws IOException {
        Files.createDirectories(inbox);
        try (Stream<Path> files = Files.list(batch)) {
            for (Path file : files.toList()) {
                Files.move(file, inbox.resolve(file.getFileName()));
            }
        }
    }

    private static long acknowledged(Relay relay) {
        return relay.database()
                .read(tx -> tx.createQuery(WITH_ACK_FILE).mapTo(Long.class).one());
    }

    /** Returns the number of bytes that this process has written to the disk, as Linux counts them. */
    private static long writtenBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
            return lines.filter(line -> line.startsWith("write_bytes:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("/proc/self/io does not contain write_bytes"));
        }
    }
}
