package io.licenserelay.redact.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text with some layers of escapes removed (JSON in a URL in a Ruby string …), with the original position of every character. */
public final class UnescapedView {
    private static final String ESCAPES = "\\%&";
    private final String text;
    private final int @Nullable [] origins;

    private UnescapedView(String text, int @Nullable [] origins) {
        this.text = text;
        this.origins = origins;
    }

    public static UnescapedView of(String text) {
        return new UnescapedView(text, null);
    }

    /** @param origins the original position of every character and of the end */
    public static UnescapedView of(String text, int[] origins) {
        return new UnescapedView(text, origins);
    }

    public String text() {
        return text;
    }

    /** The original position of the character at {@code index}, or of the end. */
    public int origin(int index) {
        return origins == null ? index : origins[index];
    }

    /** The view without terminal colours; the same object if there are none. */
    public UnescapedView plain() {
        int first = AnsiColours.next(text, 0);
        if (first >= text.length()) {
            return this;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int[] from = new int[text.length() + 1];
        for (int at = 0; at < text.length(); ) {
            int sequence = AnsiColours.end(text, at);
            if (sequence > at) {
                at = sequence;
                continue;
            }
            from[plain.length()] = origin(at);
            plain.append(text.charAt(at++));
        }
        from[plain.length()] = origin(text.length());
        return new UnescapedView(plain.toString(), Arrays.copyOf(from, plain.length() + 1));
    }

    /** Removes one layer of escapes of any kind; null if the text has no escape. */
    @Nullable
    public UnescapedView peel() {
        Peeling peeling = new Peeling();
        for (int line = 0; line < text.length(); ) {
            int newline = text.indexOf('\n', line);
            int end = newline < 0 ? text.length() : newline + 1;
            peeling.line(line, end);
            line = end;
        }
        return peeling.view();
    }

    /** Lines without escapes were already searched. They are omitted, which avoids a second search of most of a log. */
    private final class Peeling {
        private final UnescapedViewBuilder peeled = new UnescapedViewBuilder(UnescapedView.this);
        private final EscapeDecoder readings = new EscapeDecoder(1);
        private boolean escaped;
        private boolean gap;

        void line(int start, int end) {
            if (!hasEscape(start, end)) {
                gap = true;
                return;
            }
            if (gap) {
                peeled.gap(start);
                gap = false;
            }
            for (int at = start; at < end; ) {
                char c = text.charAt(at);
                if (ESCAPES.indexOf(c) < 0) {
                    peeled.add(c, at, ++at);
                    continue;
                }
                readings.read(text, at);
                int reading = Math.min(1, readings.count() - 1);
                peeled.add(readings.symbol(reading), at, readings.end(reading));
                escaped |= reading > 0;
                at = readings.end(reading);
            }
        }

        private boolean hasEscape(int start, int end) {
            for (int at = start; at < end; at++) {
                if (ESCAPES.indexOf(text.charAt(at)) >= 0) {
                    return true;
                }
            }
            return false;
        }

        @Nullable
        UnescapedView view() {
            return escaped ? peeled.view() : null;
        }
    }
}
