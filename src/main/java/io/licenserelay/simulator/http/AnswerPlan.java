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
 * @param reset it ends by a reset instead of an orderly close
 * @param bytesPerSecond 0 for as fast as can be
 * @param closeMillis how much later than the server the connection is closed
 * @param skewSeconds by how much the Date header is moved
 */
public record AnswerPlan(long bytes, boolean reset, long bytesPerSecond, long closeMillis, long skewSeconds) {
    static final AnswerPlan HONEST = new AnswerPlan(-1, false, 0, 0, 0);

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
    private static final String HEADER = "\r\nDate: ";
    private static final int DATE_LENGTH = 29;

    /** Writes the moved date over the one in an answer's head, which has the same length. */
    void skew(byte[] buffer, int length) {
        String head = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        int at = head.indexOf(HEADER) + HEADER.length();
        if (skewSeconds == 0 || at < HEADER.length() || at + DATE_LENGTH > length) {
            return;
        }
        ZonedDateTime moved = Instant.now().plusSeconds(skewSeconds).atZone(ZoneOffset.UTC);
        byte[] date = DATE.format(moved).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(date, 0, buffer, at, DATE_LENGTH);
    }
}
