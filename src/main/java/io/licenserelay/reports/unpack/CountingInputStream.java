package io.licenserelay.reports.unpack;

import io.licenserelay.text.FunnelInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/** What comes out of one packing, paid from the budget as it comes. Used by one thread. */
final class CountingInputStream extends FunnelInputStream {
    private final UnpackLimits budget;
    private final LongSupplier packed;
    private long out;
    private long allowance = Long.MAX_VALUE;

    /** @param packed how many bytes it was unpacked from so far; its own when it is not packed */
    CountingInputStream(InputStream in, UnpackLimits budget, LongSupplier packed) {
        super(in);
        this.budget = budget;
        this.packed = packed;
    }

    static CountingInputStream plain(InputStream in, UnpackLimits budget) {
        return new CountingInputStream(in, budget, () -> Long.MAX_VALUE >> 10);
    }

    /** From here on no more than so many bytes may be read, until it is told anew. */
    void allow(long most) {
        allowance = most;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = super.read(into, from, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int more) throws IOException {
        out += more;
        allowance -= more;
        if (allowance < 0) {
            throw new UnpackLimits.Spent("a name in it is longer than anything that is one");
        }
        budget.bytes(more, out, packed.getAsLong());
    }
}
