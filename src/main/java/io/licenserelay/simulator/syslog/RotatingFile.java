package io.licenserelay.simulator.syslog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A log file with a maximum size. When it is full, it is renamed to {@code NAME.1} and replaces the previous one. */
final class RotatingFile {
    private final Path file;
    private final Path previous;
    private final long maxBytes;
    private long bytes;

    RotatingFile(Path folder, String name, long maxBytes) throws IOException {
        Files.createDirectories(folder);
        this.file = folder.resolve(name);
        this.previous = folder.resolve(name + ".1");
        this.maxBytes = maxBytes;
        this.bytes = Files.exists(file) ? Files.size(file) : 0;
    }

    Path file() {
        return file;
    }

    /** @throws UncheckedIOException if the folder is not writable */
    synchronized void append(String line) {
        byte[] encoded = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (bytes + encoded.length > maxBytes) {
                Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
                bytes = 0;
            }
            Files.write(file, encoded, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            bytes += encoded.length;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
