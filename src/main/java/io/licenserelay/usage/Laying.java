package io.licenserelay.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lays files down, each whole or not at all. Each waits for the disk, and a disk serves many at once. */
final class Laying {
    private static final int SIDE_BY_SIDE = 16;

    private Laying() {}

    /**
     * All of them are on the disk after this.
     *
     * @throws IOException when one is not; others may be
     */
    static void all(Map<Path, byte[]> files) throws IOException {
        List<Callable<Path>> writes = new ArrayList<>();
        files.forEach((file, content) -> writes.add(() -> write(file, content)));
        ExecutorService writers = Executors.newFixedThreadPool(Math.max(1, Math.min(SIDE_BY_SIDE, writes.size())));
        try {
            for (Future<Path> each : writers.invokeAll(writes)) {
                each.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while files were laid down", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } finally {
            writers.shutdownNow();
        }
    }

    private static Path write(Path file, byte[] content) throws IOException {
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
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
