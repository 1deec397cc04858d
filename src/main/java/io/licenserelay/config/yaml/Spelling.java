package io.licenserelay.config.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds known words similar to a misspelled word. */
public final class Spelling {
    /** The maximum number of listed words. */
    private static final int MAX = 60;

    private Spelling() {}

    /** {@code did you mean "schedule"?}, or the known words if none is similar. */
    public static String fix(String word, Collection<String> known) {
        return closest(word, known)
                .map(similar -> "did you mean \"" + similar + "\"?")
                .orElseGet(() ->
                        known.isEmpty() || known.size() > MAX ? "remove it" : "available: " + String.join(", ", known));
    }

    /** The known word with the fewest edits, at most a third of the letters. If several are equal, the first. */
    public static Optional<String> closest(String word, Collection<String> known) {
        return similar(word, known).findFirst();
    }

    /**
     * The known words within the distance of {@link #closest}, nearest first.
     *
     * @param limit maximum number of words
     */
    public static List<String> nearest(String word, Collection<String> known, int limit) {
        return similar(word, known).limit(limit).toList();
    }

    private static Stream<String> similar(String word, Collection<String> known) {
        int limit = Math.max(1, word.length() / 3);
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= limit)
                .filter(candidate -> ignoringCase(word, candidate) <= limit)
                .sorted(Comparator.comparingInt(candidate -> ignoringCase(word, candidate)));
    }

    private static int ignoringCase(String one, String other) {
        return distance(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
    }

    /** Levenshtein's distance: the number of letters to insert, remove or replace. */
    public static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
