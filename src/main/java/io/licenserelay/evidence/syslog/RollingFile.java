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
 * A log of a bounded size: its newest lines in the file itself, older ones in {@code .1} to {@code .3}; the oldest file goes when
 * another is needed. For one thread; who reads it meanwhile meets renamed files only.
 */
final class RollingFile implements AutoCloseable {
    private static final int FILES = 4;

    private final Path path;
    private final long mostOfOne;
    private @Nullable FileChannel channel;

    /** @param keep bytes at most, of all files together */
    RollingFile(Path path, long keep) {
        this.path = path;
        this.mostOfOne = keep / FILES;
    }

    /**
     * Appends whole lines with their ends.
     *
     * @param lines no longer than a fourth of what is kept
     * @throws IOException also for a part of them; a later call goes on behind it
     */
    void append(byte[] lines) throws IOException {
        try {
            FileChannel file = open();
            if (file.size() > 0 && file.size() + lines.length > mostOfOne) {
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

    /** More than this may not be appended at once. */
    long mostAtOnce() {
        return mostOfOne;
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

    /** Whoever was killed, or found the disk full, may have left half a line. */
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
