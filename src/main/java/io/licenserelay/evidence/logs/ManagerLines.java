package io.licenserelay.evidence.logs;

import io.licenserelay.evidence.logs.format.LogFormat;
import io.licenserelay.evidence.logs.format.ManagerFormat;
import io.licenserelay.evidence.logs.line.LineHeader;
import io.licenserelay.evidence.logs.line.Stamp;
import io.licenserelay.evidence.logs.line.Stamp.Origin;
import io.licenserelay.evidence.logs.time.SourceZone;
import io.licenserelay.evidence.logs.time.Stamps;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parsed lines of the SD-WAN Manager's log. Lines without a header, as in stack traces, are omitted. */
public final class ManagerLines {
    private static final Pattern STAMP = Pattern.compile("\\d{2}-\\p{L}{3,9}-\\d{4} \\d{2}:\\d{2}:\\d{2},\\d{3} ");
    private static final Pattern THREAD = Pattern.compile("\\] \\(([^()]{1,80})\\)");

    private ManagerLines() {}

    /**
     * One line.
     *
     * @param at null if the zone of its timestamp is ambiguous
     * @param program the class that wrote it
     * @param level in lower case
     * @param thread empty if the line has none
     */
    public record Line(@Nullable Instant at, String program, String level, String thread, String text) {}

    /**
     * Parses lines and keeps their order.
     *
     * @param zone the log's zone in {@code relay.yaml}, or null
     * @param now no line is much later than this
     */
    public static List<Line> of(List<String> lines, @Nullable ZoneId zone, Instant now) {
        Stamps stamps = new Stamps(SourceZone.configuredOrUtc(zone), now, Origin.FILE_TIME);
        LogFormat format = new ManagerFormat();
        List<Line> read = new ArrayList<>();
        for (String line : lines) {
            String text = own(line);
            format.header(text)
                    .filter(header -> header.program() != null && header.level() != null)
                    .map(header -> line(header, stamps, text))
                    .ifPresent(read::add);
        }
        return read;
    }

    /** The line without a syslog header. */
    private static String own(String line) {
        Matcher stamp = STAMP.matcher(line);
        return stamp.find() ? line.substring(stamp.start()) : line;
    }

    private static Line line(LineHeader header, Stamps stamps, String text) {
        Matcher thread = THREAD.matcher(text);
        return new Line(
                stamps.of(header).map(Stamp::at).orElse(null),
                String.valueOf(header.program()),
                String.valueOf(header.level()),
                thread.find() ? thread.group(1) : "",
                text);
    }
}
