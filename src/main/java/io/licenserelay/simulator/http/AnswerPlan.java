package io.licenserelay.simulator.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How a connection changes the bytes of one answer.
 *
 * @param bytes the number of bytes after which the connection ends, -1 for never
 * @param reset whether the connection ends with a reset instead of a proper close
 * @param bytesPerSecond 0: no limit
 * @param closeMillis the delay between the server's close and the close of the client connection
 * @param skewSeconds the number of seconds added to the Date header
 */
public record AnswerPlan(long bytes, boolean reset, long bytesPerSecond, long closeMillis, long skewSeconds) {
    static final AnswerPlan UNCHANGED = new AnswerPlan(-1, false, 0, 0, 0);

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
    private static final String HEADER = "\r\nDate: ";
    private static final int DATE_LENGTH = 29;

    /** Overwrites the Date header of an answer with the shifted date, which has the same length. */
    void skew(byte[] buffer, int length) {
        String head = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        int start = head.indexOf(HEADER) + HEADER.length();
        if (skewSeconds == 0 || start < HEADER.length() || start + DATE_LENGTH > length) {
            return;
        }
        ZonedDateTime shifted = Instant.now().plusSeconds(skewSeconds).atZone(ZoneOffset.UTC);
        byte[] date = DATE.format(shifted).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(date, 0, buffer, start, DATE_LENGTH);
    }
}
