package io.licenserelay.redact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text with some layers of escapes taken off (JSON in a URL in a Ruby string …), knowing for every character where it
 * stands in the original.
 */
final class View {
    private static final String ESCAPES = "\\%&";
    /** Stands for lines left out, and fits into no value. */
    private static final char GAP = '\0';

    private final String text;
    private final int @Nullable [] origins;

    private View(String text, int @Nullable [] origins) {
        this.text = text;
        this.origins = origins;
    }

    static View of(String text) {
        return new View(text, null);
    }

    String text() {
        return text;
    }

    /** Where the character at {@code index}, or the end, stands in the original. */
    int origin(int index) {
        return origins == null ? index : origins[index];
    }

    /** Without the colours of a terminal; itself when there are none. */
    View plain() {
        int first = Ansi.next(text, 0);
        if (first >= text.length()) {
            return this;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int[] from = new int[text.length() + 1];
        for (int at = 0; at < text.length(); ) {
            int sequence = Ansi.end(text, at);
            if (sequence > at) {
                at = sequence;
                continue;
            }
            from[plain.length()] = origin(at);
            plain.append(text.charAt(at++));
        }
        from[plain.length()] = origin(text.length());
        return new View(plain.toString(), Arrays.copyOf(from, plain.length() + 1));
    }

    /** One layer of escapes less, whichever kind stands where; null when nothing is escaped. */
    @Nullable
    View peel() {
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
        private final StringBuilder peeled = new StringBuilder();
        private final Readings readings = new Readings(1);
        private int[] from = new int[64];
        private boolean escaped;
        private boolean gap;

        void line(int start, int end) {
            if (!hasEscape(start, end)) {
                gap = true;
                return;
            }
            if (gap) {
                add(GAP, start, start);
                add('\n', start, start);
                gap = false;
            }
            for (int at = start; at < end; ) {
                char c = text.charAt(at);
                if (ESCAPES.indexOf(c) < 0) {
                    add(c, at, ++at);
                    continue;
                }
                readings.read(text, at);
                int reading = Math.min(1, readings.count() - 1);
                add(readings.symbol(reading), at, readings.end(reading));
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

        private void add(int symbol, int at, int end) {
            peeled.appendCodePoint(symbol);
            while (from.length <= peeled.length()) {
                from = Arrays.copyOf(from, from.length * 2);
            }
            for (int i = peeled.length() - Character.charCount(symbol); i < peeled.length(); i++) {
                from[i] = origin(at);
            }
            from[peeled.length()] = origin(end);
        }

        @Nullable
        View view() {
            return escaped ? new View(peeled.toString(), Arrays.copyOf(from, peeled.length() + 1)) : null;
        }
    }
}
