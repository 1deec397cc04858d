package io.licenserelay.evidence.syslog;

import io.licenserelay.store.OwnerOnly;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A log file of limited size: the newest lines are in the file itself, older lines in {@code .1} to {@code .3}. The oldest file is deleted
 * when a new one is needed. For one thread; a concurrent reader may find files renamed.
 */
final class RollingFile implements AutoCloseable {
    private static final int FILES = 4;

    private final Path path;
    private final long maxFileBytes;
    private @Nullable FileChannel channel;

    /** @param keep maximum number of bytes of all files together */
    RollingFile(Path path, long keep) {
        this.path = path;
        this.maxFileBytes = keep / FILES;
    }

    /**
     * Appends complete lines with their line ends.
     *
     * @param lines at most a fourth of the total size
     * @throws IOException also if only a part was written; a later call continues after it
     */
    void append(byte[] lines) throws IOException {
        try {
            FileChannel file = open();
            if (file.size() > 0 && file.size() + lines.length > maxFileBytes) {
                close();
                rotate();
                file = open();
            }
            ByteBuffer buffer = ByteBuffer.wrap(lines);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    /** The maximum number of bytes of one append. */
    long maxAppendBytes() {
        return maxFileBytes;
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            return open;
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            OwnerOnly.createDirectories(folder);
        }
        boolean cut = isCut();
        open = OwnerOnly.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        channel = open;
        if (cut) {
            open.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return open;
    }

    /** Whether the last line is incomplete, after a crash or on a full disk. */
    private boolean isCut() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            return false;
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(file.length() - 1);
            return file.read() != '\n';
        }
    }

    private void rotate() throws IOException {
        for (int number = FILES - 1; number > 0; number--) {
            Path from = number == 1 ? path : rotated(number - 1);
            if (Files.exists(from)) {
                Files.move(from, rotated(number), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private Path rotated(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
