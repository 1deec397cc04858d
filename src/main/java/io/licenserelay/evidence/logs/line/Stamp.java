package io.licenserelay.evidence.logs.line;

import io.licenserelay.text.WireNamed;
import java.time.Duration;
import java.time.Instant;

/**
 * The time at which a line was written.
 *
 * @param uncertainty the line was written between {@code at} and this time after it
 * @param zone origin of the zone
 * @param year origin of the year
 */
public record Stamp(Instant at, Duration uncertainty, Origin zone, Origin year) {

    Stamp behind(Duration ahead) {
        return new Stamp(at.minus(ahead), uncertainty, zone, year);
    }

    /** The origin of a part of a timestamp, the most certain first. */
    public enum Origin implements WireNamed {
        /** The line contains it. */
        LINE,
        /** The configured {@code zone} of the log in {@code relay.yaml}. */
        CONFIGURED,
        /** A nearby line contains it. */
        NEIGHBOUR,
        /** It is the only value that matches the time at which the relay received the line. */
        RECEIVED,
        /** It is the only value that matches the time of the last write to the file. */
        FILE_TIME,
        /** Assumed without evidence: UTC. */
        ASSUMED
    }
}
