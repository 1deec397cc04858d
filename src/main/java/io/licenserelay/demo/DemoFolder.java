package io.licenserelay.demo;

import io.licenserelay.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The demo's own folder. It is emptied at start, and only one demo at a time uses it. */
final class DemoFolder implements AutoCloseable {
    private static final String MARKER = ".license-relay-demo";

    private final DataFolder folder;

    private DemoFolder(DataFolder folder) {
        this.folder = folder;
    }

    /** The demo cannot use the folder. The message contains the reason and the fix. */
    static final class UnusableFolder extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableFolder(String message) {
            super(message);
        }
    }

    /**
     * Locks the folder and empties it.
     *
     * @throws UnusableFolder if the folder was not created by a demo, or another demo uses it
     */
    static DemoFolder take(Path path) throws IOException, UnusableFolder {
        if (!isDemoFolder(path)) {
            throw new UnusableFolder(
                    path + " is not empty and was not created by a demo; set --data to another folder");
        }
        DataFolder folder = DataFolder.take(path)
                .orElseThrow(() -> new UnusableFolder(
                        "Another demo runs in " + path + "; stop it, or set --data to another folder"));
        try {
            empty(path);
            Files.createFile(path.resolve(MARKER));
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
        return new DemoFolder(folder);
    }

    Path path() {
        return folder.path();
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }

    /** A folder with only the lock file also counts: a demo that is just starting creates the lock before the marker. */
    private static boolean isDemoFolder(Path path) throws IOException {
        if (!Files.exists(path) || Files.exists(path.resolve(MARKER))) {
            return true;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.allMatch(path.resolve(DataFolder.LOCK)::equals);
        }
    }

    /** Keeps the lock file: if it were deleted, another demo could lock a new one. */
    private static void empty(Path path) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(path)) {
            deepestFirst = all.sorted(Comparator.reverseOrder())
                    .filter(each -> !each.equals(path) && !each.equals(path.resolve(DataFolder.LOCK)))
                    .toList();
        }
        for (Path each : deepestFirst) {
            Files.delete(each);
        }
    }
}
