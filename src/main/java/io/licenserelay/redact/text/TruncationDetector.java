package io.licenserelay.redact.text;

/** Detects whether an incomplete value was truncated, by a line limit or a reader's window. */
public final class TruncationDetector {
    private static final int LONGEST_ESCAPE = 32;

    private TruncationDetector() {}

    /** The end of the truncated value, including half an escape if the truncation is within one; -1 if the value continues differently. */
    public static int end(String text, int at) {
        if (isEnd(text, at)) {
            return at;
        }
        // Half of a surrogate pair, or the decoder's replacement for half of a UTF-8 sequence.
        if ((Character.isSurrogate(text.charAt(at)) || text.charAt(at) == '\uFFFD') && isEnd(text, at + 1)) {
            return at + 1;
        }
        if ("\\%&".indexOf(text.charAt(at)) < 0) {
            return -1;
        }
        for (int end = at + 1; end <= Math.min(text.length(), at + LONGEST_ESCAPE); end++) {
            if (isEnd(text, end)) {
                return end;
            }
            if ("\\%&#".indexOf(text.charAt(end)) < 0 && !Character.isLetterOrDigit(text.charAt(end))) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isEnd(String text, int at) {
        if (at >= text.length() || "\n\r\"'`<\u2026\u2028".indexOf(text.charAt(at)) >= 0 || text.startsWith("..", at)) {
            return true;
        }
        int escaped = at;
        while (escaped < text.length() && escaped - at < LONGEST_ESCAPE && text.charAt(escaped) == '\\') {
            escaped++;
        }
        return escaped > at && escaped < text.length() && "\"'nr".indexOf(text.charAt(escaped)) >= 0;
    }
}
