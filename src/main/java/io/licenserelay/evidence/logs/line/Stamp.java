package io.licenserelay.evidence.logs.line;

import io.licenserelay.text.WireNamed;
import java.time.Duration;
import java.time.Instant;

/**
 * When a line was written.
 *
 * @param uncertainty it was written not earlier than {@code at}, and not later than this after it
 * @param zone where the zone came from
 * @param year where the year came from
 */
public record Stamp(Instant at, Duration uncertainty, Origin zone, Origin year) {

    Stamp behind(Duration ahead) {
        return new Stamp(at.minus(ahead), uncertainty, zone, year);
    }

    /** Where a part of a stamp came from, the surest first. */
    public enum Origin implements WireNamed {
        /** It stands in the line. */
        LINE,
        /** {@code zone} of the log in {@code relay.yaml}. */
        CONFIGURED,
        /** A neighbouring line has it. */
        NEIGHBOUR,
        /** It is the one that fits the moment at which the relay received the line. */
        RECEIVED,
        /** It is the one that fits the time at which the file was last written. */
        FILE_TIME,
        /** Nothing says so: UTC. */
        ASSUMED
    }
}
