package io.licenserelay.evidence.logs.line;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log.
 *
 * @param source the log's name in {@code relay.yaml}
 * @param stamp null if neither this line nor a line before it has a readable timestamp
 * @param continued whether the line has no timestamp of its own, as in a stack trace, and belongs to the previous line
 * @param program the program that wrote it, if known; that of the previous line if continued
 * @param level the program's own level, in lower case
 * @param text printable; not redacted
 * @param cut whether the line was truncated
 */
public record LogLine(
        String source,
        @Nullable Stamp stamp,
        boolean continued,
        @Nullable String program,
        @Nullable String level,
        @Nullable LoggedRequest request,
        String text,
        boolean cut) {

    @Nullable
    public Instant at() {
        return stamp == null ? null : stamp.at();
    }

    /** The same line on a clock that is behind by this offset. */
    public LogLine behind(Duration ahead) {
        return stamp == null || ahead.isZero()
                ? this
                : new LogLine(source, stamp.behind(ahead), continued, program, level, request, text, cut);
    }

    /** The address of the client whose request the line concerns. */
    @Nullable
    public String client() {
        return request == null ? null : request.client();
    }

    public boolean within(Instant from, Instant to) {
        return stamp != null && !stamp.at().isBefore(from) && !stamp.at().isAfter(to);
    }
}
