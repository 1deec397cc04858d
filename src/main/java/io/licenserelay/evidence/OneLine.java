package io.licenserelay.evidence;

/** Text from outside, so that a line stays a line and stays short. */
public final class OneLine {
    private OneLine() {}

    /** @param most characters; of a longer text the end is left out, and never half of a character */
    public static String of(String text, int most) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
        if (line.length() <= most) {
            return line.isEmpty() ? "empty" : line;
        }
        int end = Character.isHighSurrogate(line.charAt(most - 2)) ? most - 2 : most - 1;
        return line.substring(0, end) + "…";
    }
}
