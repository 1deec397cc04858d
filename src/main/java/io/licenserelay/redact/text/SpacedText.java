package io.licenserelay.redact.text;

import org.jspecify.annotations.Nullable;

/** Joins characters that are separated by the same separator: {@code s e c r e t}, {@code s-e-c-r-e-t}, {@code "s", "e", "c", …}. */
public final class SpacedText {
    /** Four digits separated by dots are an IP address. */
    private static final int SHORTEST = 6;

    private static final int LONGEST_SEPARATOR = 4;

    private final String text;
    private final UnescapedViewBuilder words;

    private SpacedText(UnescapedView source) {
        this.text = source.text();
        this.words = new UnescapedViewBuilder(source);
    }

    /** The words without separators, or null if there are none. */
    public static @Nullable UnescapedView in(UnescapedView source) {
        return new SpacedText(source).words();
    }

    private @Nullable UnescapedView words() {
        for (int stride = 2; stride <= LONGEST_SEPARATOR + 1; stride++) {
            for (int first = 0; first < stride; first++) {
                int at = first;
                while (at + stride < text.length()) {
                    // The last character of a word may be the first of another word with another separator.
                    at = Math.max(at + stride, word(at, stride));
                }
            }
        }
        return words.isEmpty() ? null : words.view();
    }

    /** Reads the word at this position, if there is one, and returns the position of its last character. */
    private int word(int start, int stride) {
        if (text.charAt(start) <= ' ' || !isSeparator(start + 1, stride - 1)) {
            return start;
        }
        int last = start;
        while (isNext(start, last, stride)) {
            last += stride;
        }
        if ((last - start) / stride + 1 >= SHORTEST) {
            for (int at = start; at <= last; at += stride) {
                words.add(text.charAt(at), at, at + 1);
            }
            words.end(text, last + 1);
        }
        return last;
    }

    /** A blank is a character of the word if it is not part of a separator. */
    private boolean isNext(int start, int last, int stride) {
        int next = last + stride;
        return next < text.length()
                && text.regionMatches(start + 1, text, last + 1, stride - 1)
                && (text.charAt(next) > ' ' || text.charAt(last) > ' ');
    }

    private boolean isSeparator(int from, int length) {
        for (int at = from; at < from + length; at++) {
            if (Character.isLetterOrDigit(text.charAt(at)) || Character.isSurrogate(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }
}
