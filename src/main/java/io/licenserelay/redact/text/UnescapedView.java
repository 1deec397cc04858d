package io.licenserelay.redact.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text with some layers of escapes taken off (JSON in a URL in a Ruby string …), knowing for every character where it
 * stands in the original.
 */
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

    /** @param origins for every character and the end, where it stands in the original */
    public static UnescapedView of(String text, int[] origins) {
        return new UnescapedView(text, origins);
    }

    public String text() {
        return text;
    }

    /** Where the character at {@code index}, or the end, stands in the original. */
    public int origin(int index) {
        return origins == null ? index : origins[index];
    }

    /** Without the colours of a terminal; itself when there are none. */
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

    /** One layer of escapes less, whichever kind stands where; null when nothing is escaped. */
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

    /** Lines without escapes have been searched already and are left out, which spares most of a log a second look. */
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
