package io.licenserelay.evidence;

import io.licenserelay.text.ShortText;

/** Text from outside, so that a line stays a line and stays short. */
public final class OneLineText {
    private OneLineText() {}

    /** @param most characters; of a longer text the end is left out, and never half of a character */
    public static String of(String text, int most) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
        return line.isEmpty() ? "empty" : ShortText.of(line, most);
    }
}
