package io.licenserelay.redact.phrases;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Finds secrets after the phrases of a table, in one pass: the search continues after each match. */
public final class Phrases implements RedactionRule {
    static final String NAME = "phrase";
    private static final int LONGEST_FIRST = 32;
    private static final Set<String> NAMES =
            Set.of("password", "passwd", "passphrase", "passcode", "pwd", "psk", "secret");

    private final Map<String, List<Phrase>> phrases = new HashMap<>();
    private final PhraseCursor.Separators separators;
    /** The lengths of first words by their first letter, one bit each. Most words of a text are not first words. */
    private final long[] lengths = new long[128];

    /**
     * The phrases of a table.
     *
     * @param table the file in {@code redact/}; the first matching phrase is used
     */
    public Phrases(String table, PhraseCursor.Separators separators) {
        this.separators = separators;
        for (Phrase phrase : Phrase.table(table)) {
            for (String first : phrase.first()) {
                phrases.computeIfAbsent(first, word -> new ArrayList<>()).add(phrase);
                lengths[first.charAt(0) % 128] |= 1L << first.length();
            }
        }
    }

    @Override
    public void find(String text, Consumer<Span> found) {
        PhraseCursor cursor = new PhraseCursor(text, separators);
        for (int at = 0; at < text.length(); ) {
            if (!isPart(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < text.length() && isPart(text.charAt(end))) {
                end++;
            }
            // A sign before the word belongs to a diff: +enable secret x.
            int sign = end - at > 1 && "+-".indexOf(text.charAt(at)) >= 0 ? 1 : 0;
            at = matchAt(text, at + sign, end, cursor, found);
        }
    }

    /** The position to continue at. */
    private int matchAt(String text, int start, int end, PhraseCursor cursor, Consumer<Span> found) {
        if (end - start > LONGEST_FIRST || end == start || !isCandidate(text, start, end)) {
            return end;
        }
        String word = text.substring(start, end);
        for (Phrase phrase : of(word, ValueBounds.isAt(text, end, '('))) {
            cursor.start(start, end);
            if (phrase.matches(word, cursor)) {
                cursor.values().forEach(found);
                return Math.max(end, cursor.at());
            }
        }
        return end;
    }

    /** A cheap check that is true for all words that {@link #of} finds phrases for. */
    private boolean isCandidate(String text, int start, int end) {
        char first = Character.toLowerCase(text.charAt(start));
        boolean known = (lengths[first % 128] >> (end - start) & 1) != 0;
        boolean called = ValueBounds.isAt(text, end, '(');
        boolean named = "dekt".indexOf(Character.toLowerCase(text.charAt(end - 1))) >= 0 && end - start > 3;
        return known || called || named;
    }

    /** The phrases of the word, or of the secret at the end of the name: {@code client_secret is x}, {@code ssmClientSecret is x}. */
    private List<Phrase> of(String word, boolean called) {
        if (called) {
            String method = word.substring(word.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            return phrases.getOrDefault(method, List.of());
        }
        List<Phrase> whole = phrases.get(word.toLowerCase(Locale.ROOT));
        if (whole != null) {
            return whole;
        }
        String name = lastName(word);
        return NAMES.contains(name) ? phrases.getOrDefault(name, List.of()) : List.of();
    }

    /** {@code secret} of {@code ssmClientSecret}; empty if the word is a single name. */
    private static String lastName(String word) {
        int last = word.length() - 1;
        while (last > 0 && "_.-".indexOf(word.charAt(last - 1)) < 0 && !isHump(word, last)) {
            last--;
        }
        return last > 0 ? word.substring(last).toLowerCase(Locale.ROOT) : "";
    }

    private static boolean isHump(String word, int at) {
        return Character.isUpperCase(word.charAt(at)) && Character.isLowerCase(word.charAt(at - 1));
    }

    private static boolean isPart(char c) {
        return c < 128 ? Character.isLetterOrDigit(c) || "-_+./".indexOf(c) >= 0 : Character.isLetter(c);
    }
}
