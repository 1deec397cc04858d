package io.licenserelay.redact.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes hex bytes with separators: {@code 61:62:63}, {@code 61-62}, {@code 6162 6364}, {@code 0x61, 0x62}, {@code \x61 \x62}. Hex without
 * separators is an encoding of the value itself.
 */
public final class HexText {
    private static final int SHORTEST = SecretEncodings.SHORTEST;
    private static final int LONGEST_GAP = 3;
    private static final char HALF = '\uFFFD';

    private final String text;
    private final UnescapedViewBuilder words;
    private byte[] bytes = new byte[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int count;

    private HexText(UnescapedView source) {
        this.text = source.text();
        this.words = new UnescapedViewBuilder(source);
    }

    /** The text of all hex bytes, or null if there are none. */
    public static @Nullable UnescapedView in(UnescapedView source) {
        return new HexText(source).words();
    }

    private @Nullable UnescapedView words() {
        for (int at = 0; at < text.length(); ) {
            at = isBoundary(at) ? run(at) : at + 1;
        }
        return words.isEmpty() ? null : words.view();
    }

    private boolean isBoundary(int at) {
        return octet(prefixed(at)) >= 0 && (at == 0 || digit(at - 1) < 0);
    }

    /** Reads all bytes from this position and returns their end. */
    private int run(int start) {
        count = 0;
        int next = start;
        boolean apart = false;
        while (next >= 0) {
            int digits = prefixed(next);
            add(octet(digits), next, digits + 2);
            int end = digits + 2;
            next = following(end);
            apart |= next > end || prefixed(end) > end;
        }
        int end = ends[count - 1];
        if (apart && count >= SHORTEST) {
            decode();
            words.end(text, end);
        }
        return end;
    }

    /** The position of the next byte, or -1. */
    private int following(int end) {
        for (int at = end; at <= end + LONGEST_GAP && at < text.length(); at++) {
            if (octet(prefixed(at)) >= 0) {
                return at;
            }
            if (Character.isLetterOrDigit(text.charAt(at))) {
                return -1;
            }
        }
        return -1;
    }

    /** The position of the digits after {@code 0x} or {@code \x}. */
    private int prefixed(int at) {
        int x = at + 1;
        boolean prefix = x < text.length()
                && (text.charAt(at) == '0' || text.charAt(at) == '\\')
                && (text.charAt(x) == 'x' || text.charAt(x) == 'X');
        return prefix ? at + 2 : at;
    }

    private int octet(int at) {
        int high = digit(at);
        int low = high < 0 ? -1 : digit(at + 1);
        return low < 0 ? -1 : high << 4 | low;
    }

    private int digit(int at) {
        return at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
    }

    private void add(int octet, int start, int end) {
        if (count == bytes.length) {
            bytes = Arrays.copyOf(bytes, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        bytes[count] = (byte) octet;
        starts[count] = start;
        ends[count++] = end;
    }

    /**
     * Decodes UTF-8. A byte that is not UTF-8 becomes a Latin-1 character, and half a character at the end becomes the sign that
     * {@link TruncationDetector} recognizes.
     */
    private void decode() {
        for (int i = 0; i < count; ) {
            int first = bytes[i] & 0xFF;
            int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
            int symbol = more == 0 ? first : first & (0x3F >> more);
            for (int k = 1; k <= more; k++) {
                int next = i + k < count ? bytes[i + k] & 0xFF : 0;
                symbol = symbol < 0 || (next & 0xC0) != 0x80 ? -1 : symbol << 6 | next & 0x3F;
            }
            boolean whole = more > 0 && Character.isValidCodePoint(symbol);
            boolean half = more > 0 && i + more >= count;
            int last = whole ? i + more : half ? count - 1 : i;
            words.add(whole ? symbol : half ? HALF : first, starts[i], ends[last]);
            i = last + 1;
        }
    }
}
