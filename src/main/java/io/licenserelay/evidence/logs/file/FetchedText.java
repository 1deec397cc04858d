package io.licenserelay.evidence.logs.file;

import io.licenserelay.evidence.logs.line.RawLine;
import io.licenserelay.evidence.logs.time.StampHints;
import io.licenserelay.evidence.logs.time.Stamps;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Converts the text that a route fetched to the form of a completely read file. */
public final class FetchedText {
    private FetchedText() {}

    /**
     * Converts the text.
     *
     * @param source the endpoint of the route
     * @param bytes oldest line first
     * @param cut whether the source has more text beyond the limit
     * @param fetched when the text was fetched; no line is later
     */
    public static LogSegment of(Path source, byte[] bytes, boolean cut, Instant fetched) {
        List<String> lines = RawLine.split(bytes, 0).stream().map(RawLine::text).toList();
        Stamps stamps = StampHints.of(lines, fetched).stampsOfText();
        return new LogSegment(source, null, bytes.length, 0, bytes, stamps, false, cut, false, bytes.length);
    }
}
