package io.licenserelay.reports.unpack;

import io.licenserelay.text.FunnelInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/** Counts the bytes of one unpacked stream and charges them to the limits. Used by one thread. */
final class CountingInputStream extends FunnelInputStream {
    private final UnpackLimits limits;
    private final LongSupplier packed;
    private long unpacked;
    private long allowance = Long.MAX_VALUE;

    /** @param packed the number of compressed bytes read so far */
    CountingInputStream(InputStream in, UnpackLimits limits, LongSupplier packed) {
        super(in);
        this.limits = limits;
        this.packed = packed;
    }

    static CountingInputStream plain(InputStream in, UnpackLimits limits) {
        return new CountingInputStream(in, limits, () -> Long.MAX_VALUE >> 10);
    }

    /** Limits the number of bytes until the next call. */
    void allow(long limit) {
        allowance = limit;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = super.read(into, from, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int more) throws IOException {
        unpacked += more;
        allowance -= more;
        if (allowance < 0) {
            throw new UnpackLimits.LimitExceeded("an entry name in the archive is too long");
        }
        limits.bytes(more, unpacked, packed.getAsLong());
    }
}
