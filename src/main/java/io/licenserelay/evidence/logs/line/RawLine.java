package io.licenserelay.evidence.logs.line;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a file.
 *
 * @param offset offset of its first byte in the split bytes
 * @param end offset after its last byte: at its line feed, or at the end of the bytes
 * @param text the text without the line end, printable, truncated if long; bytes that are not UTF-8 become U+FFFD
 */
public record RawLine(int offset, int end, String text, boolean cut) {
    private static final int MAX = 4096;

    /** Splits at line feeds and removes a carriage return before one. The last line needs no line end. */
    public static List<RawLine> split(byte[] bytes, int from) {
        List<RawLine> lines = new ArrayList<>();
        for (int start = from; start < bytes.length; ) {
            RawLine line = first(bytes, start);
            lines.add(line);
            start = line.end() + 1;
        }
        return lines;
    }

    /** The line that begins at this offset. */
    public static RawLine first(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return of(bytes, from, end);
    }

    private static RawLine of(byte[] bytes, int start, int end) {
        int last = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
        int length = last - start;
        String text = SafeText.of(new String(bytes, start, Math.min(length, 4 * MAX), StandardCharsets.UTF_8));
        boolean cut = text.length() > MAX || length > 4 * MAX;
        return cut ? new RawLine(start, end, shortened(text, length), true) : new RawLine(start, end, text, false);
    }

    private static String shortened(String text, int bytes) {
        int end = Math.min(text.length(), MAX);
        int whole = Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        return text.substring(0, whole) + "… (cut, " + bytes + " bytes in all)";
    }

    /** The offset of the first complete line. If the bytes contain only part of one long line, that part is used. */
    public static int firstWhole(byte[] bytes, boolean fileBegins) {
        int whole = fileBegins ? 0 : next(bytes);
        return whole < 0 || whole == bytes.length ? 0 : whole;
    }

    /** The index after the first line feed, or -1. */
    public static int next(byte[] bytes) {
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }
}
