package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.Slice;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was read of one file of a log.
 *
 * @param offset of {@code bytes} in the file, or in what a compressed file holds
 * @param size of the file as it lies there
 * @param bytes whole lines, but for the last of a file, and a first one that is longer than all that may be read
 * @param reachesBack nothing older is wanted; otherwise the file begins here, or a bound was met
 * @param bounded there is more in the file that was wanted, and a bound was met
 * @param goesOn the file holds lines later than the window
 * @param fetched bytes read from the disk, the searching included
 */
record Piece(
        Path path,
        @Nullable Object inode,
        long size,
        long offset,
        byte[] bytes,
        Stamps stamps,
        boolean reachesBack,
        boolean bounded,
        boolean goesOn,
        long fetched) {

    List<RawLine> lines() {
        return RawLine.split(bytes, 0);
    }

    boolean isEmpty() {
        return bytes.length == 0;
    }

    /** Of the first line with a stamp that can be read. */
    Optional<Instant> oldest() {
        return stamps.first(bytes, 0);
    }

    Slice slice() {
        return new Slice(
                path.toString(),
                inode == null ? null : inode.toString(),
                size,
                offset,
                offset + bytes.length,
                SliceDigest.of(bytes));
    }
}
