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
 * The part that was read from one file of a log.
 *
 * @param offset position of {@code bytes} in the file, or in the uncompressed data
 * @param size size of the file on disk
 * @param bytes complete lines, except for the last line of a file, and for a first line that exceeds the limit
 * @param reachesBack whether no older line is needed; if not, this is the beginning of the file, or a limit was reached
 * @param bounded whether the file has more needed lines beyond a limit
 * @param hasLaterLines whether the file has lines after the window
 * @param fetched bytes read from the disk, including the search
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
        boolean hasLaterLines,
        long fetched) {

    public List<RawLine> lines() {
        return RawLine.split(bytes, 0);
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** The time of the first line with a readable timestamp. */
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
