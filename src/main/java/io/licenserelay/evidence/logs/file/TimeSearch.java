package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.line.Stamp;
import io.licenserelay.evidence.logs.time.Stamps;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds where in a file a moment lies, by the stamps of a few lines: from the end back in doubling steps, then by halves. What is
 * read depends on how far from the end the moment is, never on the size of the file. Lines are taken to be in order.
 */
final class TimeSearch {
    /** Below this, reading on is cheaper than searching. */
    private static final int NEAR = 16 * 1024;

    private static final int BLOCK = 4 * 1024;

    /** As far as one looks for a line with a stamp: over a stack trace, or a long line. */
    private static final int FAR = 256 * 1024;

    /** Beyond the end of what is walked, so that the stamp of its last line is whole. */
    private static final int STAMP = 128;

    private final LogBytes file;
    private Stamps stamps;

    TimeSearch(LogBytes file, Stamps stamps) {
        this.file = file;
        this.stamps = stamps;
    }

    /** The offset of the first line that is later than the moment; the size of the file when none is. */
    long firstAfter(Instant moment) throws IOException {
        long low = 0;
        long high = file.size();
        long end = file.size();
        for (long back = NEAR; back < file.size(); back *= 2) {
            Landing landing = land(file.size() - back, high);
            if (!landing.isLaterThan(moment)) {
                low = landing.offset();
                break;
            }
            high = file.size() - back;
            end = later(landing, end);
        }
        while (high - low > NEAR) {
            long middle = low + (high - low) / 2;
            Landing landing = land(middle, high);
            if (landing.isLaterThan(moment)) {
                high = middle;
                end = later(landing, end);
            } else {
                low = landing.offset();
            }
        }
        return walk(low, high, end, moment);
    }

    /** For the lines before the one that was found last: the later lines on the way narrow the year of stamps without one. */
    Stamps stamps() {
        return stamps;
    }

    /** What stands before this line is of its time or earlier, so that the year of stamps without one narrows down. */
    private long later(Landing landing, long end) {
        if (landing.at() == null) {
            return end;
        }
        stamps = stamps.before(landing.at());
        return landing.offset();
    }

    private long walk(long low, long high, long end, Instant moment) throws IOException {
        byte[] bytes = file.read(low, (int) (high - low) + STAMP);
        for (RawLine line : RawLine.split(bytes, 0)) {
            Instant at = low + line.offset() < high ? at(line) : null;
            if (at != null && at.isAfter(moment)) {
                return low + line.offset();
            }
        }
        return end;
    }

    /** The first line with a stamp that begins at an offset or behind it, and before a limit. */
    private Landing land(long from, long limit) throws IOException {
        for (int length = BLOCK; length <= FAR; length *= 4) {
            // The byte before tells whether a line begins right here.
            byte[] bytes = file.read(from - 1, length);
            int start = RawLine.next(bytes);
            for (RawLine line : RawLine.split(bytes, start < 0 ? bytes.length : start)) {
                long offset = from - 1 + line.offset();
                if (offset >= limit) {
                    return Landing.nowhere(limit);
                }
                boolean whole = bytes.length < length || line.end() < bytes.length;
                Instant at = whole ? at(line) : null;
                if (at != null) {
                    return new Landing(offset, at, false);
                }
            }
            if (bytes.length < length) {
                return Landing.nowhere(limit);
            }
        }
        return new Landing(Math.min(limit, from + FAR), null, false);
    }

    private @Nullable Instant at(RawLine line) {
        return stamps.of(line.text()).map(Stamp::at).orElse(null);
    }

    /**
     * Where a search came down.
     *
     * @param at null when there was no line with a stamp
     * @param through all was searched, there is none; otherwise it was too far, and what lies there is taken to be old
     */
    private record Landing(long offset, @Nullable Instant at, boolean through) {
        static Landing nowhere(long limit) {
            return new Landing(limit, null, true);
        }

        boolean isLaterThan(Instant moment) {
            return at == null ? through : at.isAfter(moment);
        }
    }
}
