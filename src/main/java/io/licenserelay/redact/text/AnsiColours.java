package io.licenserelay.redact.text;

import io.licenserelay.redact.match.ValueBounds;

/**
 * Terminal colours (ECMA-48 control sequences), in raw form and as rsyslog ({@code #033[31m}) and {@code cat -v} ({@code ^[[31m}) write
 * them. They may be between a name and its value and belong to neither.
 */
final class AnsiColours {
    private static final int LONGEST = 32;

    private AnsiColours() {}

    /** The start of the next sequence, or the end of the text. */
    static int next(String text, int from) {
        int at = from;
        while (at < text.length() && end(text, at) == at) {
            at++;
        }
        return at;
    }

    /** The end of the sequence at a position, or the position itself if there is none. */
    static int end(String text, int at) {
        int bracket = bracket(text, at);
        if (bracket < 0) {
            return at;
        }
        for (int i = bracket + 1; i < Math.min(text.length(), bracket + LONGEST); i++) {
            char c = text.charAt(i);
            if (c >= '@' && c <= '~') {
                return i + 1;
            }
            if (c < ' ' || c > '?') {
                return at;
            }
        }
        return at;
    }

    private static int bracket(String text, int at) {
        int bracket =
                switch (text.charAt(at)) {
                    case '\u001B' -> at + 1;
                    case '#' -> text.startsWith("#033", at) ? at + 4 : -1;
                    case '^' -> ValueBounds.isAt(text, at + 1, '[') ? at + 2 : -1;
                    default -> -1;
                };
        return bracket > 0 && ValueBounds.isAt(text, bracket, '[') ? bracket : -1;
    }
}
