package io.licenserelay.redact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text with some layers of escapes taken off (JSON in a URL in a Ruby string …), knowing for every character where it
 * stands in the original.
 */
final class View {
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

    /** One layer of escapes less, whichever kind stands where; null when nothing is escaped. */
    @Nullable
    View peel() {
        if (text.indexOf('\\') < 0 && text.indexOf('%') < 0 && text.indexOf('&') < 0) {
            return null;
        }
        StringBuilder peeled = new StringBuilder(text.length());
        int[] from = new int[text.length() + 1];
        Readings readings = new Readings(1);
        for (int at = 0; at < text.length(); ) {
            int end = at + 1;
            char c = text.charAt(at);
            from[peeled.length()] = origin(at);
            if (c != '\\' && c != '%' && c != '&') {
                peeled.append(c);
            } else {
                readings.read(text, at);
                int reading = Math.min(1, readings.count() - 1);
                peeled.appendCodePoint(readings.symbol(reading));
                end = readings.end(reading);
                from[peeled.length() - 1] = origin(at);
            }
            at = end;
        }
        from[peeled.length()] = origin(text.length());
        return peeled.length() == text.length()
                ? null
                : new View(peeled.toString(), Arrays.copyOf(from, peeled.length() + 1));
    }
}
