package io.licenserelay.evidence.capture;

import org.jspecify.annotations.Nullable;

/**
 * One TCP segment of a capture (RFC 9293, 3.1).
 *
 * @param micros capture time in microseconds from an origin that is the same for the whole capture; null if unknown
 * @param sequence sequence number of the first byte; null if not printed, as by tcpdump for segments without data
 * @param length number of data bytes on the wire
 * @param data the captured first bytes; empty for text captures
 * @param checksum tcpdump's result for the checksum
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

    /** The control bits that show how a connection begins and ends. */
    record Flags(boolean syn, boolean ack, boolean fin, boolean rst) {
        boolean opens() {
            return syn && !ack;
        }
    }

    /** The printed checksum result. */
    enum Checksum {
        CORRECT,
        INCORRECT,
        NOT_PRINTED
    }
}
