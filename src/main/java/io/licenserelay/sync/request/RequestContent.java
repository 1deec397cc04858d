package io.licenserelay.sync.request;

import io.licenserelay.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;

/** The content of the file of a request, in parts, so that neither side holds a large file in memory. */
public final class RequestContent {
    /** A multiple of 3, so that the base64 of a part needs no padding. */
    private static final int PART_BYTES = 768 * 1024;

    private RequestContent() {}

    /** Stores the file for a request that is added afterwards. */
    static void store(Database database, String source, String id, Path file, Clock clock) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            long part = 0;
            for (byte[] bytes = in.readNBytes(PART_BYTES); bytes.length > 0; bytes = in.readNBytes(PART_BYTES)) {
                String content = Base64.getEncoder().encodeToString(bytes);
                long number = part++;
                database.submit(tx -> tx.execute(
                        "INSERT INTO request_content (source, id, part, content, added_at) VALUES (?, ?, ?, ?, ?)",
                        source,
                        id,
                        number,
                        content,
                        clock.millis()));
            }
        }
    }

    /** Writes the content of the file of a request. */
    public static void copy(Database database, StoredRequest request, OutputStream out) throws IOException {
        long part = 0;
        for (Optional<String> next = part(database, request, part);
                next.isPresent();
                next = part(database, request, part)) {
            out.write(Base64.getDecoder().decode(next.get()));
            part++;
        }
    }

    private static Optional<String> part(Database database, StoredRequest request, long part) {
        return database.read(tx -> tx.createQuery(
                        "SELECT content FROM request_content WHERE source = :source AND id = :id AND part = :part")
                .bind("source", request.source())
                .bind("id", request.id())
                .bind("part", part)
                .mapTo(String.class)
                .findOne());
    }
}
