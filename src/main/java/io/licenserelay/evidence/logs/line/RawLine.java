package io.licenserelay.evidence.logs.line;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line as it stands in a file.
 *
 * @param offset of its first byte in what it was split from
 * @param end where its last byte is over: at its line feed, or where all ends
 * @param text without its end, made fit to show, cut when it is long; bytes that are not UTF-8 are U+FFFD
 */
public record RawLine(int offset, int end, String text, boolean cut) {
    private static final int MOST = 4096;

    /** Splits at line feeds; a carriage return before one belongs to it. The last line needs no end. */
    public static List<RawLine> split(byte[] bytes, int from) {
        List<RawLine> lines = new ArrayList<>();
        for (int start = from; start < bytes.length; ) {
            RawLine line = first(bytes, start);
            lines.add(line);
            start = line.end() + 1;
        }
        return lines;
    }

    /** The line that begins there. */
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
        String text = SafeText.of(new String(bytes, start, Math.min(length, 4 * MOST), StandardCharsets.UTF_8));
        boolean cut = text.length() > MOST || length > 4 * MOST;
        return cut ? new RawLine(start, end, shortened(text, length), true) : new RawLine(start, end, text, false);
    }

    private static String shortened(String text, int bytes) {
        int end = Math.min(text.length(), MOST);
        int whole = Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        return text.substring(0, whole) + "… (cut, " + bytes + " bytes in all)";
    }

    /** Where the first whole line of a piece begins; where it is one long line, that counts as far as it is there. */
    public static int firstWhole(byte[] bytes, boolean fileBegins) {
        int whole = fileBegins ? 0 : next(bytes);
        return whole < 0 || whole == bytes.length ? 0 : whole;
    }

    /** The index behind the first line feed, or -1. */
    public static int next(byte[] bytes) {
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }
}
