package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.line.Stamp;
import io.licenserelay.evidence.logs.time.Stamps;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds the position of a time in a file from the timestamps of a few lines: first from the end backwards in doubling steps, then by
 * bisection. The number of bytes read depends on the distance from the end, not on the file size. Lines are assumed to be in order.
 */
final class TimeSearch {
    /** Below this distance, sequential reading is cheaper than searching. */
    private static final int SCAN_DISTANCE = 16 * 1024;

    private static final int BLOCK = 4 * 1024;

    /** The maximum distance to the next line with a timestamp: a stack trace or a long line may be between. */
    private static final int MAX_DISTANCE = 256 * 1024;

    /** Extra bytes after the end of a range, so that the timestamp of its last line is complete. */
    private static final int STAMP_LENGTH = 128;

    private final LogBytes file;
    private Stamps stamps;

    TimeSearch(LogBytes file, Stamps stamps) {
        this.file = file;
        this.stamps = stamps;
    }

    /** The offset of the first line after this time, or the size of the file if there is none. */
    long firstAfter(Instant target) throws IOException {
        long low = 0;
        long high = file.size();
        long end = file.size();
        for (long back = SCAN_DISTANCE; back < file.size(); back *= 2) {
            Position found = findStamp(file.size() - back, high);
            if (!found.isLaterThan(target)) {
                low = found.offset();
                break;
            }
            high = file.size() - back;
            end = narrowed(found, end);
        }
        while (high - low > SCAN_DISTANCE) {
            long middle = low + (high - low) / 2;
            Position found = findStamp(middle, high);
            if (found.isLaterThan(target)) {
                high = middle;
                end = narrowed(found, end);
            } else {
                low = found.offset();
            }
        }
        return scan(low, high, end, target);
    }

    /** For the lines before the last found line: later lines that were read narrow the year of timestamps without one. */
    Stamps stamps() {
        return stamps;
    }

    /** All lines before this one are of the same time or earlier, which narrows the year of timestamps without one. */
    private long narrowed(Position found, long end) {
        if (found.at() == null) {
            return end;
        }
        stamps = stamps.before(found.at());
        return found.offset();
    }

    private long scan(long low, long high, long end, Instant target) throws IOException {
        byte[] bytes = file.read(low, (int) (high - low) + STAMP_LENGTH);
        for (RawLine line : RawLine.split(bytes, 0)) {
            Instant at = low + line.offset() < high ? at(line) : null;
            if (at != null && at.isAfter(target)) {
                return low + line.offset();
            }
        }
        return end;
    }

    /** The first line with a timestamp that begins at or after an offset, before a limit. */
    private Position findStamp(long from, long limit) throws IOException {
        for (int length = BLOCK; length <= MAX_DISTANCE; length *= 4) {
            // The previous byte shows whether a line begins here.
            byte[] bytes = file.read(from - 1, length);
            int start = RawLine.next(bytes);
            for (RawLine line : RawLine.split(bytes, start < 0 ? bytes.length : start)) {
                long offset = from - 1 + line.offset();
                if (offset >= limit) {
                    return Position.none(limit);
                }
                boolean whole = bytes.length < length || line.end() < bytes.length;
                Instant at = whole ? at(line) : null;
                if (at != null) {
                    return new Position(offset, at, false);
                }
            }
            if (bytes.length < length) {
                return Position.none(limit);
            }
        }
        return new Position(Math.min(limit, from + MAX_DISTANCE), null, false);
    }

    private @Nullable Instant at(RawLine line) {
        return stamps.of(line.text()).map(Stamp::at).orElse(null);
    }

    /**
     * The result of a search.
     *
     * @param at null if there was no line with a timestamp
     * @param searchedAll whether the whole range was searched; if not, the limit was reached, and the rest counts as old
     */
    private record Position(long offset, @Nullable Instant at, boolean searchedAll) {
        static Position none(long limit) {
            return new Position(limit, null, true);
        }

        boolean isLaterThan(Instant target) {
            return at == null ? searchedAll : at.isAfter(target);
        }
    }
}
