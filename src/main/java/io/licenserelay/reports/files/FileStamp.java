package io.licenserelay.reports.files;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What distinguishes one content of a file from another without reading the file.
 *
 * @param size in bytes
 * @param modified when somebody last wrote to it
 * @param inode the file itself, whatever its name; empty on file systems without such keys
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

    /** Size and time as one text, as the database keeps them. */
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
