package io.licenserelay.text;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Routes every read and skip through {@link #read(byte[], int, int)}, so that a subclass overrides only that method. No marks. */
public abstract class FunnelInputStream extends FilterInputStream {
    protected FunnelInputStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public long skip(long length) throws IOException {
        long skipped = 0;
        while (skipped < length && read() >= 0) {
            skipped++;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
