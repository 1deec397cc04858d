package io.licenserelay.evidence.syslog;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * One syslog message as it came.
 *
 * @param bytes the first {@link #MOST} of them at most
 * @param length of the message in bytes, as far as it came or was announced
 */
@SuppressWarnings("ArrayRecordComponent")
record SyslogMessage(InetAddress sender, byte[] bytes, long length) {
    /** As much as receivers should take (RFC 5424, 6.1). */
    static final int MOST = 8192;

    /** Without the line end or NUL that many senders add; one that was longer says so. */
    String text() {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == 0)) {
            end--;
        }
        String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        return length > bytes.length ? text + "… (cut, " + length + " bytes in all)" : text;
    }
}
