package io.licenserelay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** An attack by a user who may write to one inbox: swapped files, links, pipes, invalid content, and files that are never completed. */
final class InboxAttack implements AutoCloseable {
    private static final String SECRET = "this file is not the relay's to read or move";

    private final Path inbox;
    private final Path outside;
    private final Path pipe;
    private int number;
    private int files;

    /**
     * @param inbox the inbox of the hostile site
     * @param outside a folder outside the inbox. Its file must not be moved
     */
    InboxAttack(Path inbox, Path outside) throws IOException, InterruptedException {
        this.inbox = Files.createDirectories(inbox);
        this.outside = Files.createDirectories(outside);
        Files.writeString(outside.resolve("usage.json"), SECRET);
        this.pipe = outside.resolve("pipe");
        Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
        if (!mkfifo.waitFor(10, TimeUnit.SECONDS) || mkfifo.exitValue() != 0) {
            throw new IOException("mkfifo failed");
        }
    }

    /** Creates one file or folder of each kind. */
    void attack() throws IOException, InterruptedException {
        number++;
        write("garbage-" + number + ".json", "{\"usage\":[" + "{\"\":{}},".repeat(2_000));
        write("deep-" + number + ".json", "[".repeat(20_000));
        Path link = inbox.resolve("link-" + number + ".json");
        Files.createSymbolicLink(link, outside.resolve("usage.json"));
        Path folder = inbox.resolve("folder-" + number);
        Files.createSymbolicLink(folder, outside);
        Path swapped = write("swapped-" + number + ".json", "{}");
        new ProcessBuilder("mkfifo", outside.resolve("pipe-" + number).toString())
                .start()
                .waitFor();
        move(outside.resolve("pipe-" + number), swapped);
        Files.writeString(inbox.resolve("stalled-" + number + ".json"), "{\"usage\":[", StandardCharsets.UTF_8);
        files += 6;
    }

    private Path write(String name, String content) throws IOException {
        Path part = Files.writeString(inbox.resolve(name + ".part"), content, StandardCharsets.UTF_8);
        return move(part, inbox.resolve(name));
    }

    private static Path move(Path from, Path to) throws IOException {
        return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    int files() {
        return files;
    }

    /** Returns 1 if the file outside the inbox was moved or changed, otherwise 0. */
    int escaped() throws IOException {
        try {
            return Files.readString(outside.resolve("usage.json"), StandardCharsets.UTF_8)
                            .equals(SECRET)
                    ? 0
                    : 1;
        } catch (NoSuchFileException moved) {
            return 1;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(pipe);
    }
}
