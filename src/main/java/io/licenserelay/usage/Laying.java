package io.licenserelay.usage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Lays files down, each whole or not at all. All are written before the first waits for the disk: that wait serves the others
 * too.
 */
final class Laying {
    private Laying() {}

    /**
     * All of them are on the disk after this, under their names.
     *
     * @throws IOException when one is not; others may be
     */
    static void all(Map<Path, byte[]> files) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        for (Map.Entry<Path, byte[]> each : files.entrySet()) {
            if (folders.add(each.getKey().getParent())) {
                Files.createDirectories(each.getKey().getParent());
            }
            Files.write(part(each.getKey()), each.getValue());
        }
        for (Path file : files.keySet()) {
            force(part(file), StandardOpenOption.WRITE);
        }
        for (Path file : files.keySet()) {
            Files.move(part(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        for (Path folder : folders) {
            force(folder, StandardOpenOption.READ);
        }
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }
}
