package io.licenserelay.evidence.syslog;

import io.licenserelay.evidence.logs.format.ReceivedFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The receive time of the newest message of a log, read from its file. */
public final class LastReceived {
    private static final int TAIL = 64 * 1024;

    private LastReceived() {}

    /** Empty if no message was received, or the file cannot be read. */
    public static Optional<Instant> of(Path log) {
        return Stream.of(log, log.resolveSibling(log.getFileName() + ".1"))
                .flatMap(file -> ofFile(file).stream())
                .findFirst();
    }

    private static Optional<Instant> ofFile(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(TAIL, bytes.length())];
            bytes.seek(bytes.length() - tail.length);
            bytes.readFully(tail);
            List<String> lines =
                    new String(tail, StandardCharsets.UTF_8).lines().toList();
            return lines.stream()
                    .flatMap(line -> ReceivedFormat.received(line).stream())
                    .reduce((first, last) -> last);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
