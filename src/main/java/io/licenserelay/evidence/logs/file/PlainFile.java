package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.time.Stamps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Reads a window of an uncompressed file backwards from its end; see {@link LogSegment}. */
public final class PlainFile {
    static final int CHUNK = 64 * 1024;

    private static final int HEAD = 4 * 1024;

    /** Several programs write to one file, so its lines are not strictly in order. */
    static final Duration DISORDER = Duration.ofSeconds(30);

    private final Path path;
    private final Window window;
    private final Deadline deadline;

    public PlainFile(Path path, Window window, Deadline deadline) {
        this.path = path;
        this.window = window;
        this.deadline = deadline;
    }

    /**
     * @param maxBytes maximum number of bytes kept
     * @throws IOException with a readable message
     */
    public LogSegment read(LogTimes times, int maxBytes) throws IOException {
        try (LogBytes file = LogBytes.open(path)) {
            Stamps stamps = learn(file, times);
            TimeSearch search = new TimeSearch(file, stamps);
            long to = search.firstAfter(window.to().plus(DISORDER));
            LogSegment segment = readBackwards(file, search.stamps(), to, maxBytes);
            if (file.isCut()) {
                stamps.doubts().add(path.getFileName() + " was truncated while it was read");
            }
            return segment;
        }
    }

    /** The first lines of a file, for a log that begins after the window. */
    public LogSegment head(LogTimes times) throws IOException {
        try (LogBytes file = LogBytes.open(path)) {
            byte[] bytes = file.read(0, HEAD);
            Stamps stamps = learn(file, times);
            return new LogSegment(path, file.inode(), file.size(), 0, bytes, stamps, false, false, true, file.count());
        }
    }

    private static Stamps learn(LogBytes file, LogTimes times) throws IOException {
        int tail = (int) Math.min(CHUNK, file.size());
        byte[] end = file.read(file.size() - tail, tail);
        boolean whole = tail == file.size();
        List<RawLine> first = whole ? List.of() : RawLine.split(file.read(0, HEAD), 0);
        return times.learn(first, RawLine.split(end, whole ? 0 : Math.max(0, RawLine.next(end))), file.modified());
    }

    private LogSegment readBackwards(LogBytes file, Stamps stamps, long to, int maxBytes) throws IOException {
        Deque<byte[]> chunks = new ArrayDeque<>();
        long from = to;
        boolean reachedStart = false;
        while (from > 0 && to - from < maxBytes && !reachedStart && !deadline.passed()) {
            int length = (int) Math.min(Math.min(CHUNK, from), maxBytes - (to - from));
            byte[] chunk = file.read(from - length, length);
            from -= length;
            chunks.addFirst(chunk);
            reachedStart = isBefore(window.earliest(), chunk, stamps);
        }
        byte[] bytes = joined(chunks);
        int start = RawLine.firstWhole(bytes, from == 0);
        byte[] kept = Arrays.copyOfRange(bytes, start, bytes.length);
        boolean bounded = from > 0 && !reachedStart;
        return new LogSegment(
                path,
                file.inode(),
                file.size(),
                from + start,
                kept,
                stamps,
                reachedStart,
                bounded,
                to < file.size(),
                file.count());
    }

    /** Whether a chunk begins with lines before the window. */
    private static boolean isBefore(Instant earliest, byte[] chunk, Stamps stamps) {
        return stamps.first(chunk, Math.max(0, RawLine.next(chunk)))
                .filter(at -> at.isBefore(earliest.minus(DISORDER)))
                .isPresent();
    }

    static byte[] joined(Deque<byte[]> chunks) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
