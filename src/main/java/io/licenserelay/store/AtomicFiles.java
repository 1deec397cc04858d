package io.licenserelay.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files atomically: a file is complete or does not exist, also after a crash of the machine. */
public final class AtomicFiles {
    /** The ending of a file that is still being written. */
    public static final String PART = ".part";

    private AtomicFiles() {}

    /** The path for the content of a file until {@link #complete}. */
    public static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + PART);
    }

    /** Forces a written part to the disk, then renames it and replaces an existing file. */
    public static void complete(Path part, Path file) throws IOException {
        force(part, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a file that only the relay's own user may read, and replaces an existing file. */
    public static void write(Path file, InputStream content) throws IOException {
        Path part = part(file);
        // A part from an earlier crash may have other rights.
        Files.deleteIfExists(part);
        OwnerOnly.write(part, content);
        complete(part, file);
    }

    /** Writes bytes in the same way. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, new ByteArrayInputStream(content));
    }

    /** Forces the content of a file, or the names in a folder, to the disk. */
    public static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }
}
