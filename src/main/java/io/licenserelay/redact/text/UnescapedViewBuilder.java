package io.licenserelay.redact.text;

import java.util.Arrays;

/** Makes a view out of characters that stand somewhere in another. */
final class UnescapedViewBuilder {
    /** Stands for what is left out, and fits into no value. */
    private static final char GAP = '\0';

    /** Half a byte and what stands before it. */
    private static final int NEAR = 5;

    private final UnescapedView source;
    private final StringBuilder text = new StringBuilder();
    private int[] from = new int[64];

    UnescapedViewBuilder(UnescapedView source) {
        this.source = source;
    }

    /** Appends a character that is written at [at, end) of the source. */
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

    /** What was appended and what comes next do not belong together. */
    void gap(int at) {
        add(GAP, at, at);
        add('\n', at, at);
    }

    /** A word ends there; where the text ends soon as well, it may have been cut off. */
    void end(String whole, int at) {
        for (int near = at; near <= at + NEAR; near++) {
            if (TruncationDetector.end(whole, near) >= 0) {
                // Also behind a first dot that was taken for a character of the word.
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
