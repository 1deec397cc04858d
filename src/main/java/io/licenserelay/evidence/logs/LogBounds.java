package io.licenserelay.evidence.logs;

/**
 * The limits for reading one log.
 *
 * @param lines maximum number of shown lines
 * @param bytes maximum bytes kept from all its files together; at least 64 KiB are read to detect its format
 * @param inflated maximum uncompressed bytes of one compressed file
 */
public record LogBounds(int lines, int bytes, long inflated) {
    static final LogBounds STANDARD = new LogBounds(40, 1 << 20, 4L << 30);
}
