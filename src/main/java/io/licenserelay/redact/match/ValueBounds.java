package io.licenserelay.redact.match;

import java.util.regex.Pattern;

/** Finds the end of a value without grammar, and recognizes values that are not secrets. All methods read ahead a limited distance. */
public final class ValueBounds {
    private static final int KEY_AHEAD = 64;
    private static final Pattern PLACEHOLDER =
            Pattern.compile("(?i)\\s*+(?:|null|nil|none|undefined|true|false|yes|no|0"
                    + "|required|optional|filtered|redacted|hidden|masked|removed|[*.\u2022#-]++|\u2026|x{3,}+"
                    + "|[\\[<(](?:filtered|redacted|hidden|masked|removed|secret|password|token)[\\])>]"
                    + "|env:[A-Z0-9_]{1,99}+|file:[-\\w./]{1,200}+|\\$\\{[^}]{1,99}+}|\\{\\{[^}]{1,99}+}}"
                    + "|%s|\\?|\\$\\d{1,3}+|\\{}|[{\\[]|\\[]|[|>]-?)\\s*+");

    private ValueBounds() {}

    /** Whether the value is not a secret: empty, a constant, a reference to a secret, or already redacted. */
    public static boolean isPlaceholder(String value) {
        return value.length() <= 256 && PLACEHOLDER.matcher(value).matches();
    }

    /** The closing quote for the one before {@code from}, or the end of the line if the quote is truncated. */
    public static int quotedEnd(String text, int from, char quote) {
        return quotedEnd(text, from, quote, text.length());
    }

    /** Like {@link #quotedEnd(String, int, char)}, reading ahead at most {@code most} characters. */
    public static int quotedEnd(String text, int from, char quote, int most) {
        int at = from;
        while (at < text.length() && at - from < most && text.charAt(at) != '\n') {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == quote) {
                // After the end of JSON within JSON, the outer end follows: ..."x"","level":...
                boolean doubled = at > from && isAt(text, at + 1, quote) && !isEndOfText(text, at + 2);
                if (!doubled) {
                    return at;
                }
                at++;
            }
            at++;
        }
        return Math.min(at, text.length());
    }

    /** Whether the quote ends a text that began before a name and its colon: {@code "Password:"; send}. */
    public static boolean isClosingQuote(String text, int at) {
        return at > 0 && text.charAt(at - 1) == ':' && isAny(text, at + 1, ";,) \t\n");
    }

    private static boolean isEndOfText(String text, int at) {
        return at < text.length() && ",:}]".indexOf(text.charAt(at)) >= 0;
    }

    /**
     * The end of a value without quotes. Punctuation ends the value only if the next text can follow a value, because secrets contain
     * punctuation.
     *
     * @param toLineEnd whether blanks belong to the value, as in a header or a YAML scalar
     */
    public static int bareEnd(String text, int from, boolean toLineEnd) {
        return bareEnd(text, from, toLineEnd, text.length());
    }

    /** Like {@link #bareEnd(String, int, boolean)}, reading ahead at most {@code most} characters. */
    public static int bareEnd(String text, int from, boolean toLineEnd, int most) {
        int open = 0;
        int at = from;
        while (at < text.length() && at - from < most) {
            char c = text.charAt(at);
            if (open > 0 && ")]}".indexOf(c) >= 0) {
                open--;
            } else if (ends(text, at, toLineEnd)) {
                return at;
            }
            open += "([{".indexOf(c) >= 0 ? 1 : 0;
            at++;
        }
        return at;
    }

    private static boolean ends(String text, int at, boolean toLineEnd) {
        char c = text.charAt(at);
        return switch (c) {
            case '\n', '\r', '"', '`', '<' -> true;
            case ' ', '\t' -> !toLineEnd;
            case '\\' -> (at + 1 < text.length() && isAny(text, at + 1, "\"'")) || escapedLineFollows(text, at + 1);
            case '&' -> at + 1 >= text.length() || keyFollows(text, text.startsWith("amp;", at + 1) ? at + 5 : at + 1);
            case ',' -> (!toLineEnd && isAny(text, at + 1, " \t\r\n\"'}])\u001B")) || keyFollows(text, at + 1);
            case ';' -> !toLineEnd && (isAny(text, at + 1, " \t\r\n\"'}])\u001B") || keyFollows(text, at + 1));
            case '\'', ')', ']', '}' -> isAny(text, at + 1, " \t\r\n,;\"')]}>|");
            default -> Character.isISOControl(c);
        };
    }

    /** Whether a name and a separator follow, possibly after blanks. */
    private static boolean keyFollows(String text, int from) {
        int name = skip(text, from, " ", 3);
        int at = name;
        while (at < text.length() && at - name < KEY_AHEAD && isName(text.charAt(at))) {
            at++;
        }
        int separator = skip(text, at, "]", 1);
        return at > name && (isAt(text, separator, '=') || isAt(text, separator, ':'));
    }

    private static boolean escapedLineFollows(String text, int from) {
        int at = text.startsWith("r\\n", from) ? from + 3 : from + 1;
        return from < text.length() && "rn".indexOf(text.charAt(from)) >= 0 && keyFollows(text, at);
    }

    public static int lineEnd(String text, int from) {
        int at = text.indexOf('\n', from);
        return at < 0 ? text.length() : at;
    }

    /** The bracket that ends a list on this line, or the end of the line. */
    public static int listEnd(String text, int from) {
        int at = text.indexOf(']', from);
        int line = lineEnd(text, from);
        return at < 0 || at > line ? line : at;
    }

    public static boolean isName(char c) {
        return c < 128 ? Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' : Character.isLetter(c);
    }

    public static boolean isAt(String text, int at, char wanted) {
        return at < text.length() && text.charAt(at) == wanted;
    }

    /** Whether one of the characters or the end of the text is at this position. */
    public static boolean isAny(String text, int at, String wanted) {
        return at >= text.length() || wanted.indexOf(text.charAt(at)) >= 0;
    }

    public static int skip(String text, int from, String skipped, int most) {
        int at = from;
        while (at < text.length() && at - from < most && skipped.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}
