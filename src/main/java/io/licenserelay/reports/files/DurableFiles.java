package io.licenserelay.reports.files;

import io.licenserelay.store.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Writes files durably, each atomically. All files are written before the first {@code fsync}, so that one disk flush
 * covers several files.
 */
public final class DurableFiles {
    private DurableFiles() {}

    /**
     * Writes all files. On return all of them are on the disk under their final names.
     *
     * @throws IOException when a file could not be written; other files may have been written
     */
    public static void writeAll(Map<Path, byte[]> files) throws IOException {
        Set<Path> folders = files.keySet().stream().map(Path::getParent).collect(Collectors.toSet());
        runInParallel(folders, Files::createDirectories);
        runInParallel(
                files.keySet(), file -> Files.write(AtomicFiles.part(file), Objects.requireNonNull(files.get(file))));
        runInParallel(files.keySet(), file -> AtomicFiles.force(AtomicFiles.part(file), StandardOpenOption.WRITE));
        runInParallel(
                files.keySet(),
                file -> Files.move(
                        AtomicFiles.part(file),
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING));
        runInParallel(folders, folder -> AtomicFiles.force(folder, StandardOpenOption.READ));
    }

    private interface Step {
        void with(Path path) throws IOException;
    }

    /**
     * Runs the step in parallel, because most of its time is waiting for the disk. Returns when all have ended, even if
     * some failed.
     */
    private static void runInParallel(Set<Path> paths, Step step) throws IOException {
        Queue<IOException> failures = new ConcurrentLinkedQueue<>();
        paths.parallelStream().forEach(path -> {
            try {
                step.with(path);
            } catch (IOException e) {
                failures.add(e);
            } catch (RuntimeException e) {
                failures.add(new IOException(path + ": " + e.getMessage(), e));
            }
        });
        IOException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }
}
