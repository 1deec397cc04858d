package io.licenserelay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** Somebody who may write to one inbox and does what should not be done: swaps, links, pipes, garbage, files that stall. */
final class InboxAttack implements AutoCloseable {
    private static final String SECRET = "this file is not the relay's to read or move";

    private final Path inbox;
    private final Path outside;
    private final Path pipe;
    private int round;
    private int laid;

    /**
     * @param inbox of the hostile site
     * @param outside a folder beside it, whose file must stay where it is
     */
    InboxAttack(Path inbox, Path outside) throws IOException, InterruptedException {
        this.inbox = Files.createDirectories(inbox);
        this.outside = Files.createDirectories(outside);
        Files.writeString(outside.resolve("usage.json"), SECRET);
        this.pipe = outside.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        if (!made.waitFor(10, TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IOException("mkfifo failed");
        }
    }

    /** One file or folder of each kind. */
    void once() throws IOException, InterruptedException {
        round++;
        lay("garbage-" + round + ".json", "{\"usage\":[" + "{\"\":{}},".repeat(2_000));
        lay("deep-" + round + ".json", "[".repeat(20_000));
        Path link = inbox.resolve("link-" + round + ".json");
        Files.createSymbolicLink(link, outside.resolve("usage.json"));
        Path folder = inbox.resolve("folder-" + round);
        Files.createSymbolicLink(folder, outside);
        Path swapped = lay("swapped-" + round + ".json", "{}");
        new ProcessBuilder("mkfifo", outside.resolve("pipe-" + round).toString())
                .start()
                .waitFor();
        move(outside.resolve("pipe-" + round), swapped);
        Files.writeString(inbox.resolve("stalled-" + round + ".json"), "{\"usage\":[", StandardCharsets.UTF_8);
        laid += 6;
    }

    private Path lay(String name, String content) throws IOException {
        Path part = Files.writeString(inbox.resolve(name + ".part"), content, StandardCharsets.UTF_8);
        return move(part, inbox.resolve(name));
    }

    private static Path move(Path from, Path to) throws IOException {
        return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    int laid() {
        return laid;
    }

    /** 1 when the file outside is no longer where and what it was. */
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
