package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.ValueBounds;
import org.jspecify.annotations.Nullable;

/** XML and HTML: a name inside a tag, and what stands behind the tag. */
final class XmlTags {
    private static final int LONGEST = 256;
    private static final String DATA = "<![CDATA[";

    /** What an element holds: text up to the next tag, or a CDATA section's inside. */
    record Content(int start, int end) {}

    private XmlTags() {}

    /**
     * The name is an element's, or an attribute's value; {@code Optional<Token>} is neither.
     *
     * @param quoted the name stands in quotes, as a value does
     */
    static boolean isIn(String text, int name, boolean quoted) {
        int open = name - 1;
        while (open >= 0 && name - open < LONGEST && "<>".indexOf(text.charAt(open)) < 0) {
            if (!quoted && !ValueBounds.isName(text.charAt(open)) && text.charAt(open) != ':') {
                return false;
            }
            open--;
        }
        return open >= 0
                && text.charAt(open) == '<'
                && text.charAt(open + 1) != '/'
                && (open == 0 || !Character.isLetterOrDigit(text.charAt(open - 1)));
    }

    /** What follows the tag that {@code from} is in; null when the tag does not end soon or holds nothing. */
    static @Nullable Content content(String text, int from) {
        int close = from;
        while (close < text.length() && close - from < LONGEST && "<>".indexOf(text.charAt(close)) < 0) {
            close++;
        }
        if (!ValueBounds.isAt(text, close, '>') || text.charAt(close - 1) == '/') {
            return null;
        }
        boolean data = text.startsWith(DATA, close + 1);
        int first = data ? close + 1 + DATA.length() : close + 1;
        int next = text.indexOf(data ? "]]>" : "<", first);
        if (next < 0 && ValueBounds.isAt(text, first, ' ')) {
            return null;
        }
        return new Content(first, next < 0 ? ValueBounds.lineEnd(text, first) : next);
    }
}
