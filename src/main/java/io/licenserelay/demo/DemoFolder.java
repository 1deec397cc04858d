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
    private static final String MARK = ".license-relay-demo";

    private final DataFolder held;

    private DemoFolder(DataFolder held) {
        this.held = held;
    }

    /** The demo cannot use the folder. The message contains the reason and the fix. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Locks the folder and empties it.
     *
     * @throws Refused if the folder was not created by a demo, or another demo uses it
     */
    static DemoFolder take(Path path) throws IOException, Refused {
        if (!isDemoFolder(path)) {
            throw new Refused(path + " is not empty and was not created by a demo; set --data to another folder");
        }
        DataFolder held = DataFolder.take(path)
                .orElseThrow(() ->
                        new Refused("Another demo runs in " + path + "; stop it, or set --data to another folder"));
        try {
            empty(path);
            Files.createFile(path.resolve(MARK));
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
        return new DemoFolder(held);
    }

    Path path() {
        return held.path();
    }

    @Override
    public void close() throws IOException {
        held.close();
    }

    /** A folder with only the lock file also counts: a demo that is just starting creates the lock before the mark. */
    private static boolean isDemoFolder(Path path) throws IOException {
        if (!Files.exists(path) || Files.exists(path.resolve(MARK))) {
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
