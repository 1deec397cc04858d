package io.licenserelay.text;

/** A number with its noun, for people: {@code 1 report}, {@code 2 reports}. */
public final class Plural {
    private Plural() {}

    /** The number and the noun, with an s unless the number is 1. */
    public static String of(long count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** The number and one of two texts: {@code 1 event waits}, {@code 2 events wait}. */
    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
