package io.licenserelay.text;

/** Limits the length of text from outside. */
public final class ShortText {
    private ShortText() {}

    /** Cuts the text to at most {@code maxLength} characters. A cut text ends with an ellipsis, and surrogate pairs stay intact. */
    public static String of(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(maxLength - 2)) ? maxLength - 2 : maxLength - 1;
        return text.substring(0, end) + "…";
    }

    /** Cuts the text in the same way, and replaces each run of white space by one space. */
    public static String oneLine(String text, int maxLength) {
        return of(text.replaceAll("\\s+", " "), maxLength);
    }
}
