package io.licenserelay.usage;

import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lays acknowledgements into the outbox folder: {@code outbox/account/va/ACK_pid_serial_digest.xml}, whole or not at all.
 * They are in the ledger before, so that a crash loses none: what does not lie there yet is laid there the next time.
 */
public final class AckFolder {
    private static final Logger LOG = LoggerFactory.getLogger(AckFolder.class);
    private static final int MOST_AT_ONCE = 500;

    private final Database database;

    public AckFolder(Database database) {
        this.database = database;
    }

    private record Waiting(String digest, Place place, Udi udi, Ack ack) {}

    /** Lays down what is not there yet. */
    public synchronized void deliver(@ExchangeProperty("site") Site site) throws IOException {
        List<Waiting> waiting = waiting(site);
        while (!waiting.isEmpty()) {
            for (Waiting each : waiting) {
                Path file = file(site, each);
                write(file, each.ack().bytes());
                database.write(tx ->
                        tx.execute("UPDATE report SET ack_file = ? WHERE digest = ?", file.toString(), each.digest()));
                LOG.info("{}: acknowledgement of {} for {}", each.place(), each.udi(), file);
            }
            waiting = waiting(site);
        }
    }

    private List<Waiting> waiting(Site site) {
        return database.read(tx -> tx.createQuery("SELECT * FROM report WHERE site = :site"
                        + " AND state = 'acknowledged' AND ack_file IS NULL ORDER BY changed_at LIMIT :most")
                .bind("site", site.name())
                .bind("most", MOST_AT_ONCE)
                .map((row, context) -> {
                    Report report = Report.of(row);
                    Ack ack = new Ack(report.udi(), row.getString("ack"));
                    return new Waiting(report.digest(), report.place(), report.udi(), ack);
                })
                .list());
    }

    private static Path file(Site site, Waiting each) {
        String name = "ACK_" + FileNames.encode(each.udi().pid()) + "_"
                + FileNames.encode(each.udi().serial()) + "_"
                + each.digest().substring(0, 8) + ".xml";
        return site.reports()
                .outbox()
                .resolve(FileNames.encode(String.valueOf(each.place().account())))
                .resolve(FileNames.encode(String.valueOf(each.place().va())))
                .resolve(name);
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
