package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.time.Stamps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a window of a compressed file. It cannot be read from its end: it is streamed from the start, and only the newest bytes up to the
 * end of the window are kept, so memory is limited.
 */
public final class GzipFile {
    private static final int MTIME_AT = 4;

    private final Path path;
    private final Window window;
    private final Deadline deadline;
    private @Nullable IOException damage;

    public GzipFile(Path path, Window window, Deadline deadline) {
        this.path = path;
        this.window = window;
        this.deadline = deadline;
    }

    /**
     * @param maxBytes maximum number of bytes kept
     * @param inflated maximum number of uncompressed bytes read
     * @throws IOException with a readable message, also for a file that is not gzip or is damaged before the window
     */
    public LogSegment read(LogTimes times, int maxBytes, long inflated) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("it is not a regular file");
        }
        Newest kept = new Newest(maxBytes);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(path), PlainFile.CHUNK)) {
            byte[] chunk = chunk(in);
            if (chunk.length == 0 && damage != null) {
                throw damage;
            }
            Instant modified = modified(path);
            List<RawLine> lines = RawLine.split(chunk, 0);
            Stamps stamps = chunk.length < PlainFile.CHUNK
                    ? times.learn(List.of(), lines, modified)
                    : times.learnBeginning(lines, modified);
            boolean pastWindow = false;
            while (chunk.length > 0 && !pastWindow) {
                pastWindow = isAfter(window.to().plus(PlainFile.DISORDER), chunk, stamps);
                kept.add(chunk);
                if (kept.end() >= inflated || deadline.passed()) {
                    stamps.doubts()
                            .add(path.getFileName() + " was read only up to byte " + kept.end() + ": "
                                    + (deadline.passed()
                                            ? "the time limit was reached"
                                            : "the size limit was reached"));
                    break;
                }
                chunk = damage == null ? chunk(in) : new byte[0];
            }
            if (damage != null) {
                stamps.doubts().add(path.getFileName() + " is damaged after byte " + kept.end());
            }
            return segment(attributes, kept, stamps, pastWindow);
        }
    }

    /** The time of the last write to the log in it, if known: {@code gzip} stores it (RFC 1952, MTIME), and a copy of the file keeps it. */
    public static Instant modified(Path path) throws IOException {
        Instant ofFile = Files.getLastModifiedTime(path).toInstant();
        try (InputStream in = Files.newInputStream(path)) {
            byte[] head = in.readNBytes(MTIME_AT + Integer.BYTES);
            long seconds = head.length < MTIME_AT + Integer.BYTES
                    ? 0
                    : Integer.toUnsignedLong(
                            ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(MTIME_AT));
            Instant ofLog = Instant.ofEpochSecond(seconds);
            return seconds == 0 || ofLog.isAfter(ofFile) ? ofFile : ofLog;
        }
    }

    /** The data before a damaged part is used. */
    private byte[] chunk(InputStream in) {
        byte[] bytes = new byte[PlainFile.CHUNK];
        int filled = 0;
        try {
            for (int more = 0; more >= 0 && filled < bytes.length; filled += Math.max(0, more)) {
                more = in.read(bytes, filled, bytes.length - filled);
            }
        } catch (IOException damaged) {
            damage = damaged;
        }
        return Arrays.copyOf(bytes, filled);
    }

    private LogSegment segment(BasicFileAttributes attributes, Newest kept, Stamps stamps, boolean hasLaterLines) {
        byte[] bytes = kept.bytes();
        long offset = kept.end() - bytes.length;
        int start = RawLine.firstWhole(bytes, offset == 0);
        byte[] lines = Arrays.copyOfRange(bytes, start, bytes.length);
        boolean back = stamps.first(lines, 0)
                .filter(oldest -> oldest.isBefore(window.earliest()))
                .isPresent();
        return new LogSegment(
                path,
                attributes.fileKey(),
                attributes.size(),
                offset + start,
                lines,
                stamps,
                back,
                offset > 0 && !back,
                hasLaterLines,
                attributes.size());
    }

    private static boolean isAfter(Instant moment, byte[] chunk, Stamps stamps) {
        return stamps.first(chunk, Math.max(0, RawLine.next(chunk)))
                .filter(first -> first.isAfter(moment))
                .isPresent();
    }

    /** The newest bytes of a stream, in the chunks in which they were read. Nothing is copied until the end. */
    private static final class Newest {
        private final int maxBytes;
        private final Deque<byte[]> pieces = new ArrayDeque<>();
        private int kept;
        private long end;

        Newest(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        void add(byte[] more) {
            pieces.addLast(more);
            kept += more.length;
            end += more.length;
            while (kept - pieces.getFirst().length >= maxBytes) {
                kept -= pieces.removeFirst().length;
            }
        }

        /** The current position in the stream. */
        long end() {
            return end;
        }

        byte[] bytes() {
            byte[] all = PlainFile.joined(pieces);
            return all.length <= maxBytes ? all : Arrays.copyOfRange(all, all.length - maxBytes, all.length);
        }
    }
}
