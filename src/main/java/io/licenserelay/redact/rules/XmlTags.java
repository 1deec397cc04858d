package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.ValueBounds;
import org.jspecify.annotations.Nullable;

/** XML and HTML: a name inside a tag, and the content after the tag. */
final class XmlTags {
    private static final int LONGEST = 256;
    private static final String DATA = "<![CDATA[";

    /** The content of an element: text up to the next tag, or the content of a CDATA section. */
    record Content(int start, int end) {}

    private XmlTags() {}

    /**
     * Whether the name is an element, or the value of an attribute; {@code Optional<Token>} is neither.
     *
     * @param quoted whether the name is in quotes, as a value is
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

    /** The content after the tag at {@code from}; null if the tag does not end soon, or has no content. */
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
