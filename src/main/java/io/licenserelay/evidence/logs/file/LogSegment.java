package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.excerpt.ByteRange;
import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.time.Stamps;
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
public record LogSegment(
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

    public List<RawLine> lines() {
        return RawLine.split(bytes, 0);
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** Of the first line with a stamp that can be read. */
    public Optional<Instant> oldest() {
        return stamps.first(bytes, 0);
    }

    public ByteRange slice() {
        return new ByteRange(
                path.toString(),
                inode == null ? null : inode.toString(),
                size,
                offset,
                offset + bytes.length,
                RangeDigest.of(bytes));
    }
}
