package io.licenserelay.simulator.syslog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A log file that never grows beyond a size: when full it becomes {@code NAME.1}, in place of the one before. */
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

    /** @throws UncheckedIOException when the folder cannot be written */
    synchronized void append(String line) {
        byte[] written = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (bytes + written.length > maxBytes) {
                Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
                bytes = 0;
            }
            Files.write(file, written, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            bytes += written.length;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
