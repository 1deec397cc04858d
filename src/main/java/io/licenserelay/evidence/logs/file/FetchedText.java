package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.time.StampHints;
import io.licenserelay.evidence.logs.time.Stamps;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The lines of a log that a route fetched, in the form of a file that was read whole. */
public final class FetchedText {
    private FetchedText() {}

    /**
     * What was fetched.
     *
     * @param source the endpoint of the route
     * @param bytes oldest line first
     * @param cut the source has more, and a bound was met
     * @param fetched no line is later
     */
    public static LogSegment of(Path source, byte[] bytes, boolean cut, Instant fetched) {
        List<String> lines = RawLine.split(bytes, 0).stream().map(RawLine::text).toList();
        Stamps stamps = StampHints.of(lines, fetched).stampsOfText();
        return new LogSegment(source, null, bytes.length, 0, bytes, stamps, false, cut, false, bytes.length);
    }
}
