package io.licenserelay.reports.unpack;

import java.io.IOException;

/** What one file may unpack to, whatever it claims of itself. Used by one thread, for one file. */
final class UnpackLimits {
    static final int MOST_FILES = 20_000;
    private static final int DEEPEST = 8;
    private static final long MOST_BYTES = 256L << 20;

    /** Real reports, of which many are alike, stay below a third of this. */
    private static final int MOST_RATIO = 250;

    /** Small files may compress as well as they like. */
    private static final long RATIO_FROM = 1 << 20;

    private int files;
    private long bytes;

    /** Nothing more of the file is read. */
    static final class Spent extends IOException {
        private static final long serialVersionUID = 1L;

        Spent(String why) {
            super(why);
        }
    }

    void file() throws Spent {
        if (++files > MOST_FILES) {
            throw new Spent("it holds more than " + MOST_FILES + " files");
        }
    }

    static void depth(int depth) throws Spent {
        if (depth > DEEPEST) {
            throw new Spent("it is packed more than " + DEEPEST + " times over");
        }
    }

    /**
     * So many bytes more came out.
     *
     * @param out of one packing, so far
     * @param in what they were unpacked from, so far
     */
    void bytes(long more, long out, long in) throws Spent {
        bytes += more;
        if (bytes > MOST_BYTES) {
            throw new Spent("it unpacks to more than " + (MOST_BYTES >> 20) + " MiB");
        }
        if (out > RATIO_FROM && out > MOST_RATIO * Math.max(1, in)) {
            throw new Spent("it unpacks to more than " + MOST_RATIO + " times its size");
        }
    }
}
