package io.licenserelay.evidence.syslog;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * One received syslog message.
 *
 * @param bytes at most the first {@link #MAX} bytes
 * @param length length of the message in bytes, as received or announced
 */
@SuppressWarnings("ArrayRecordComponent")
record SyslogMessage(InetAddress sender, byte[] bytes, long length) {
    /** The size that receivers should accept (RFC 5424, 6.1). */
    static final int MAX = 8192;

    /** The text without the line end or NUL that many senders add. A truncated message ends with a note. */
    String text() {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == 0)) {
            end--;
        }
        String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        return length > bytes.length ? text + "… (cut, " + length + " bytes in all)" : text;
    }
}
