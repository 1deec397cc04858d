package io.licenserelay.reports.files;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Detects a change of a file without reading the file.
 *
 * @param size in bytes
 * @param modified when the file was last written to
 * @param inode identifies the file independently of its name; empty on file systems without inodes
 */
public record FileStamp(Kind kind, long size, FileTime modified, String inode) {

    public enum Kind {
        FILE,
        LINK,
        FOLDER,
        /** A FIFO, a socket or a device. */
        SPECIAL
    }

    public static FileStamp of(BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return new FileStamp(
                kind(attributes),
                attributes.size(),
                attributes.lastModifiedTime(),
                key == null ? "" : String.valueOf(key));
    }

    /** Size and time as one text, as stored in the database. */
    public String content() {
        return size + " " + modified;
    }

    private static Kind kind(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return Kind.LINK;
        }
        if (attributes.isRegularFile()) {
            return Kind.FILE;
        }
        return attributes.isDirectory() ? Kind.FOLDER : Kind.SPECIAL;
    }
}
