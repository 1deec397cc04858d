package io.licenserelay.config.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a configured file, such as a mounted secret, was changed or replaced, without reading it. Links are followed.
 *
 * @param size in bytes
 * @param modified when the file was last written to
 * @param key identifies the file, so that a replaced file is detected even if size and time are equal; null on file systems without inodes
 */
public record FileVersion(
        long size, FileTime modified, @Nullable Object key) {

    /** The versions of the files, in their order. */
    public static List<FileVersion> of(Collection<Path> files) throws IOException {
        List<FileVersion> versions = new ArrayList<>();
        for (Path file : files) {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            versions.add(new FileVersion(now.size(), now.lastModifiedTime(), now.fileKey()));
        }
        return versions;
    }
}
