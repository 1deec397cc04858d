package io.licenserelay.usage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Walks an inbox past what is hidden or still being written. */
final class Visitor extends SimpleFileVisitor<Path> {
    private static final Logger LOG = LoggerFactory.getLogger(Visitor.class);

    private final Path inbox;
    private final BiConsumer<Path, BasicFileAttributes> files;

    Visitor(Path inbox, BiConsumer<Path, BasicFileAttributes> files) {
        this.inbox = inbox;
        this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        boolean skipped = !folder.equals(inbox) && isUnfinished(folder);
        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (!attributes.isDirectory() && !isUnfinished(file)) {
            files.accept(file, attributes);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        LOG.warn("{} in the inbox cannot be looked at: {}", inbox.relativize(file), e.toString());
        return FileVisitResult.CONTINUE;
    }

    private static boolean isUnfinished(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(".") || name.endsWith(".part");
    }
}
