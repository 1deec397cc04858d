package io.licenserelay.evidence.logs.line;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The parsed header of a line.
 *
 * @param stamp the line's own timestamp, which determines its time
 * @param inner a second timestamp, which a program wrote after the syslog timestamp
 * @param program the program that wrote it: {@code nginx}, {@code redis}, {@code rails}, {@code chronyd}, a class of the SD-WAN Manager, or
 *     the syslog tag
 * @param level the program's own level, in lower case
 * @param received when the relay received the line, on the relay's clock; null if the relay did not receive it
 */
public record LineHeader(
        @Nullable RawStamp stamp,
        @Nullable RawStamp inner,
        @Nullable String program,
        @Nullable String level,
        @Nullable LoggedRequest request,
        @Nullable Instant received) {

    /** A line whose timestamp is ambiguous: it does not continue the previous line and has no time. */
    public static final LineHeader UNDATED = new LineHeader(null, null, null, null, null);

    /** A header without a receive time. */
    public LineHeader(
            @Nullable RawStamp stamp,
            @Nullable RawStamp inner,
            @Nullable String program,
            @Nullable String level,
            @Nullable LoggedRequest request) {
        this(stamp, inner, program, level, request, null);
    }

    public LineHeader receivedAt(Instant instant) {
        return new LineHeader(stamp, inner, program, level, request, instant);
    }
}
