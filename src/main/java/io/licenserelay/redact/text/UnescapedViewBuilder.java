package io.licenserelay.redact.text;

import java.util.Arrays;

/** Builds a view from characters of another view. */
final class UnescapedViewBuilder {
    /** Marks omitted text. It matches no value. */
    private static final char GAP = '\0';

    /** The length of half a byte and its prefix. */
    private static final int NEAR = 5;

    private final UnescapedView source;
    private final StringBuilder text = new StringBuilder();
    private int[] from = new int[64];

    UnescapedViewBuilder(UnescapedView source) {
        this.source = source;
    }

    /** Appends a character from [at, end) of the source. */
    void add(int symbol, int at, int end) {
        text.appendCodePoint(symbol);
        while (from.length <= text.length()) {
            from = Arrays.copyOf(from, from.length * 2);
        }
        for (int i = text.length() - Character.charCount(symbol); i < text.length(); i++) {
            from[i] = source.origin(at);
        }
        from[text.length()] = source.origin(end);
    }

    /** Separates the appended characters from the following ones. */
    void gap(int at) {
        add(GAP, at, at);
        add('\n', at, at);
    }

    /** Ends a word. If the text ends soon after it, the word may be truncated. */
    void end(String whole, int at) {
        for (int near = at; near <= at + NEAR; near++) {
            if (TruncationDetector.end(whole, near) >= 0) {
                // Also after a first dot that counted as a character of the word.
                "..\n".chars().forEach(symbol -> add(symbol, at, at));
                return;
            }
        }
        gap(at);
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    UnescapedView view() {
        return UnescapedView.of(text.toString(), Arrays.copyOf(from, text.length() + 1));
    }
}
