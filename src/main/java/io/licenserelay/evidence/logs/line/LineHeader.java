package io.licenserelay.evidence.logs.line;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a line says.
 *
 * @param stamp the line's own, on which its place in time rests
 * @param inner a second stamp, which a program wrote behind that of syslog
 * @param program the one that wrote it: {@code nginx}, {@code redis}, {@code rails}, {@code chronyd}, a class of the SD-WAN
 *     Manager, else the tag of syslog
 * @param level as the program calls it, in lower case
 * @param received when the relay itself received the line, on our clock; null when it did not
 */
public record LineHeader(
        @Nullable RawStamp stamp,
        @Nullable RawStamp inner,
        @Nullable String program,
        @Nullable String level,
        @Nullable LoggedRequest request,
        @Nullable Instant received) {

    /** It begins with a stamp that cannot be read for sure: the line does not continue the one before, and has no time. */
    public static final LineHeader UNDATED = new LineHeader(null, null, null, null, null);

    /** Nobody noted when it was received. */
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
