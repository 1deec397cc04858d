package io.licenserelay.evidence.capture;

import org.jspecify.annotations.Nullable;

/**
 * One TCP segment as far as a capture shows it (RFC 9293, 3.1).
 *
 * @param micros when it was captured, in microseconds from an origin that is the same for all of one capture; null when not known
 * @param sequence of its first byte; null when it is not told, as tcpdump does of segments without data
 * @param length bytes of data it carried on the wire
 * @param data those of its first bytes that were captured; empty in the form of text
 * @param checksum how tcpdump judged its checksum
 */
record Segment(
        @Nullable Long micros,
        Endpoint from,
        Endpoint to,
        Flags flags,
        @Nullable Long sequence,
        int length,
        byte[] data,
        Checksum checksum) {

    /** The control bits that tell how a connection begins and ends. */
    record Flags(boolean syn, boolean ack, boolean fin, boolean rst) {
        boolean opens() {
            return syn && !ack;
        }
    }

    /** What was printed of a checksum. */
    enum Checksum {
        CORRECT,
        INCORRECT,
        NOT_TOLD
    }
}
