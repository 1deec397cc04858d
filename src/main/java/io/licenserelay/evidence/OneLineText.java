package io.licenserelay.evidence;

import io.licenserelay.text.ShortText;

/** Converts text from outside to one short line. */
public final class OneLineText {
    private OneLineText() {}

    /** @param most maximum number of characters; a longer text is truncated, never within a character */
    public static String of(String text, int most) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
        return line.isEmpty() ? "empty" : ShortText.of(line, most);
    }
}
