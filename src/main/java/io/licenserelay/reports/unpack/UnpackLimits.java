package io.licenserelay.reports.unpack;

import java.io.IOException;

/**
 * Limits for unpacking one file, independent of the sizes that the archive declares. Used by one thread, for one file.
 */
final class UnpackLimits {
    static final int MAX_FILES = 20_000;
    private static final int MAX_DEPTH = 8;
    private static final long MAX_BYTES = 256L << 20;

    /** Real files with many similar reports stay below a third of this ratio. */
    private static final int MAX_RATIO = 250;

    /** The ratio is not checked below this size. */
    private static final long MIN_BYTES_FOR_RATIO = 1 << 20;

    private int files;
    private long bytes;

    /** A limit is exceeded; reading of the file ends. */
    static final class LimitExceeded extends IOException {
        private static final long serialVersionUID = 1L;

        LimitExceeded(String why) {
            super(why);
        }
    }

    void file() throws LimitExceeded {
        if (++files > MAX_FILES) {
            throw new LimitExceeded("the file contains more than " + MAX_FILES + " files");
        }
    }

    static void depth(int depth) throws LimitExceeded {
        if (depth > MAX_DEPTH) {
            throw new LimitExceeded("archives are nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    /**
     * Counts unpacked bytes.
     *
     * @param more number of new bytes
     * @param out unpacked bytes of this stream so far
     * @param in compressed bytes of this stream so far
     */
    void bytes(long more, long out, long in) throws LimitExceeded {
        bytes += more;
        if (bytes > MAX_BYTES) {
            throw new LimitExceeded("the file unpacks to more than " + (MAX_BYTES >> 20) + " MiB");
        }
        if (out > MIN_BYTES_FOR_RATIO && out > MAX_RATIO * Math.max(1, in)) {
            throw new LimitExceeded("the file unpacks to more than " + MAX_RATIO + " times its size");
        }
    }
}
