package io.licenserelay.http;

import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.CallFailed;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.text.FunnelInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The answer to one request while its body is read. It keeps the start of the body as evidence for the case that the body is unusable. */
public final class HttpAnswer extends FunnelInputStream {
    private final HttpCall call;
    private final int status;
    private final Map<String, String> headers;
    private final @Nullable SsmException refusal;
    private final Clock clock;
    private final byte[] bodyStart = new byte[HttpExchangeRecord.BODY_BYTES];
    private final CRC32 crc = new CRC32();
    private final CRC32C crc32c = new CRC32C();
    private final List<String> cookies = new ArrayList<>();
    private int keptBytes;

    /** @param refusal why the answer cannot be used, or null if its body may be read */
    HttpAnswer(
            InputStream body,
            HttpCall call,
            int status,
            Map<String, String> headers,
            @Nullable SsmException refusal,
            Clock clock) {
        super(body);
        this.call = call;
        this.status = status;
        this.headers = headers;
        this.refusal = refusal;
        this.clock = clock;
    }

    /** Reads the body of an answer. */
    public interface Reader<T> {
        public T read(InputStream body) throws IOException;
    }

    public HttpCall call() {
        return call;
    }

    public int status() {
        return status;
    }

    /** The content type in lower case, or an empty string if there is none. */
    public String type() {
        return headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Values of {@code Set-Cookie}. Only the session that the answer belongs to uses them; the record of the exchange does not contain
     * them.
     */
    public List<String> cookies() {
        return cookies;
    }

    void addCookie(String value) {
        cookies.add(value);
    }

    @Nullable
    SsmException refusal() {
        return refusal;
    }

    /** The exchange, with the part of the body that has been read so far. */
    public HttpExchangeRecord exchanged() {
        return call.answered(status, headers, HttpExchangeRecord.start(bodyStart, keptBytes), clock);
    }

    /** The exchange without the body, because the body may contain secrets. */
    public HttpExchangeRecord exchangedWithoutBody() {
        return call.answered(status, headers, null, clock);
    }

    /** A 64-bit checksum of the body as read so far. Two different bodies have the same checksum with a probability of 2^-64. */
    public long digest() {
        return crc.getValue() << 32 | crc32c.getValue();
    }

    /**
     * Reads the body and closes it.
     *
     * @throws CallFailed when the body cannot be used; the exception carries this exchange
     */
    public <T> T read(Reader<T> reader) throws CallFailed {
        try (this) {
            return reader.read(this);
        } catch (IOException unusable) {
            throw new CallFailed(call, exchanged(), unusable);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            crc.update(buffer, offset, count);
            crc32c.update(buffer, offset, count);
        }
        if (count > 0 && keptBytes < HttpExchangeRecord.BODY_BYTES) {
            int more = Math.min(count, HttpExchangeRecord.BODY_BYTES - keptBytes);
            System.arraycopy(buffer, offset, bodyStart, keptBytes, more);
            keptBytes += more;
        }
        return count;
    }
}
