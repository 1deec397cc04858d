package io.licenserelay.evidence.logs.line;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log.
 *
 * @param source the log's name in {@code relay.yaml}
 * @param stamp null when neither it nor a line before it has one that can be read
 * @param continued it has no stamp of its own, as in a stack trace, and belongs to the one before
 * @param program which wrote it, as far as that is known; of the line before when continued
 * @param level as the program calls it, in lower case
 * @param text fit to show; not redacted
 * @param cut it was longer
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

    /** The same as another clock stamps it, that is so far behind. */
    public LogLine behind(Duration ahead) {
        return stamp == null || ahead.isZero()
                ? this
                : new LogLine(source, stamp.behind(ahead), continued, program, level, request, text, cut);
    }

    /** The address of the one whose request it is about. */
    @Nullable
    public String client() {
        return request == null ? null : request.client();
    }

    public boolean within(Instant from, Instant to) {
        return stamp != null && !stamp.at().isBefore(from) && !stamp.at().isAfter(to);
    }
}
