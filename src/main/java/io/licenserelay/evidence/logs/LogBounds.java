package io.licenserelay.evidence.logs;

/**
 * What reading one log may cost.
 *
 * @param lines shown
 * @param bytes kept of all its files together, at least 64 KiB of them looked at to learn how it is written
 * @param inflated taken out of one compressed file
 */
public record LogBounds(int lines, int bytes, long inflated) {
    static final LogBounds STANDARD = new LogBounds(40, 1 << 20, 4L << 30);
}
