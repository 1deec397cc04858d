package io.licenserelay.demo;

import io.licenserelay.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The demo's own folder, emptied at start and held by one demo at a time. */
final class DemoFolder implements AutoCloseable {
    private static final String MARK = ".license-relay-demo";

    private final DataFolder held;

    private DemoFolder(DataFolder held) {
        this.held = held;
    }

    /** The folder cannot be the demo's; the message says why, and the fix. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Takes the folder and empties it.
     *
     * @throws Refused when something else than a demo made it, or another demo holds it
     */
    static DemoFolder take(Path path) throws IOException, Refused {
        if (!isDemos(path)) {
            throw new Refused(path + " is not empty and no demo made it; give --data another folder");
        }
        DataFolder held = DataFolder.take(path)
                .orElseThrow(() -> new Refused(
                        "Another demo runs in " + path + "; stop it, or give this one a --data folder of its own"));
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

    /** A demo that starts at this moment may have made the lock and not the mark yet. */
    private static boolean isDemos(Path path) throws IOException {
        if (!Files.exists(path) || Files.exists(path.resolve(MARK))) {
            return true;
        }
        try (Stream<Path> there = Files.list(path)) {
            return there.allMatch(path.resolve(DataFolder.LOCK)::equals);
        }
    }

    /** The lock stays: another demo could take a new one. */
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
