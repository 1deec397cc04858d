package io.licenserelay.text;

/** Bounds the length of text from outside. */
public final class ShortText {
    private ShortText() {}

    /** At most {@code most} characters. A longer text ends with an ellipsis, and a character is never cut into halves. */
    public static String of(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }

    /** The same on one line: each run of white space is one blank. */
    public static String oneLine(String text, int most) {
        return of(text.replaceAll("\\s+", " "), most);
    }
}
