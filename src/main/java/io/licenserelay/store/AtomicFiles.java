package io.licenserelay.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that appear under their name complete or not at all, also when the machine stops. */
public final class AtomicFiles {
    /** The ending of a file that is still being written. */
    public static final String PART = ".part";

    private AtomicFiles() {}

    /** Where the content of a file is written until {@link #complete}. */
    public static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + PART);
    }

    /** Brings a written part onto the disk and then under its name, in place of a file of that name. */
    public static void complete(Path part, Path file) throws IOException {
        force(part, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a file that only the relay's own user may read, in place of a file of that name. */
    public static void write(Path file, InputStream content) throws IOException {
        Path part = part(file);
        // A part that a crash left may have other rights.
        Files.deleteIfExists(part);
        OwnerOnly.write(part, content);
        complete(part, file);
    }

    /** The same with bytes. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, new ByteArrayInputStream(content));
    }

    /** Returns when the content of the file, or the names in the folder, are on the disk. */
    public static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }
}
