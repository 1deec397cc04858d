package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/** A good answer while it is read: should its body turn out to be no use, its beginning is evidence. */
final class Answered extends FilterInputStream {
    /** A character takes at most four bytes. */
    private static final int KEPT = 4 * Exchanged.BODY_CHARS;

    private final Asked asked;
    private final int status;
    private final Map<String, String> headers;
    private final byte[] beginning = new byte[KEPT];
    private int kept;

    Answered(InputStream body, Asked asked, int status, Map<String, String> headers) {
        super(body);
        this.asked = asked;
        this.status = status;
        this.headers = headers;
    }

    /** The exchange with what has been read of the body so far. */
    Exchanged exchanged(Clock clock) {
        String text = new String(beginning, 0, kept, StandardCharsets.UTF_8);
        String start = text.substring(0, Math.min(text.length(), Exchanged.BODY_CHARS));
        return asked.answered(status, headers, start, clock);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0 && kept < KEPT) {
            int more = Math.min(count, KEPT - kept);
            System.arraycopy(buffer, offset, beginning, kept, more);
            kept += more;
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
