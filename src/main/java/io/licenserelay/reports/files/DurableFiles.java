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
 * Lays files down, each whole or not at all. All are written before the first waits for the disk: that wait serves the others
 * too.
 */
public final class DurableFiles {
    private DurableFiles() {}

    /**
     * All of them are on the disk after this, under their names.
     *
     * @throws IOException when one is not; others may be
     */
    public static void all(Map<Path, byte[]> files) throws IOException {
        Set<Path> folders = files.keySet().stream().map(Path::getParent).collect(Collectors.toSet());
        each(folders, Files::createDirectories);
        each(files.keySet(), file -> Files.write(AtomicFiles.part(file), Objects.requireNonNull(files.get(file))));
        each(files.keySet(), file -> AtomicFiles.force(AtomicFiles.part(file), StandardOpenOption.WRITE));
        each(
                files.keySet(),
                file -> Files.move(
                        AtomicFiles.part(file),
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING));
        each(folders, folder -> AtomicFiles.force(folder, StandardOpenOption.READ));
    }

    private interface Step {
        void with(Path path) throws IOException;
    }

    /** Side by side: most of it is waiting. Nothing goes on after this, also when some fail. */
    private static void each(Set<Path> paths, Step step) throws IOException {
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
