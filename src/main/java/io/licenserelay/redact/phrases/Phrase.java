package io.licenserelay.redact.phrases;

import io.licenserelay.redact.match.RuleTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Words that precede a secret, written as a line of a table:
 *
 * <pre>
 * enable secret|password [level N] T §
 * </pre>
 *
 * <p>{@code a|b} is one of several keywords (an {@code =} before the first word: exact case; a {@code :} after a keyword: a colon must
 * follow), {@code *} any word, {@code W} any word that does not describe secrets, {@code N} a number, {@code T} an optional storage type
 * ({@code T!}: a required one), {@code ..} up to eight words before a keyword, {@code ..:} words up to a colon, {@code -*} options,
 * {@code (} the parenthesis of a call, {@code U} a file or URL, {@code K} a name that denotes a secret, {@code [...]} optional words,
 * {@code ^} the start of the line, {@code $} its end.
 *
 * <p>{@code §} is the secret; {@code §+} a secret of possibly several words; {@code §?} a secret unless it looks like a verb or a small
 * number; {@code §~} a secret in a sentence; {@code §!} a secret that does not look like a word of a language; {@code §"} a secret in
 * quotes. {@code pass:§}, {@code *:§} {@code *:§@} and {@code A:§} (after the name of a well-known account) are parts of a word.
 */
final class Phrase {
    private static final int GAP = 8;

    private final List<String> first;
    private final boolean exact;
    private final List<PhraseElement> elements;

    private Phrase(List<String> first, boolean exact, List<PhraseElement> elements) {
        this.first = first;
        this.exact = exact;
        this.elements = elements;
    }

    /** The phrases of a table, one per line. */
    static List<Phrase> table(String name) {
        return RuleTable.lines(name).stream().map(Phrase::of).toList();
    }

    private static Phrase of(String line) {
        List<String> words = new ArrayList<>(
                Arrays.asList(line.replace("[", "[ ").replace("]", " ]").split(" +", -1)));
        List<PhraseElement> elements = new ArrayList<>();
        if (words.get(0).equals("^")) {
            elements.add(PhraseElement::lineStart);
            words.remove(0);
        }
        String first = words.remove(0);
        boolean exact = first.charAt(0) == '=';
        if (first.endsWith(":")) {
            throw new IllegalArgumentException("a colon after the first word of " + line);
        }
        elements.addAll(elements(words));
        String plain = exact ? first.substring(1) : first.toLowerCase(Locale.ROOT);
        return new Phrase(List.of(plain.split("\\|", -1)), exact, List.copyOf(elements));
    }

    private static List<PhraseElement> elements(List<String> words) {
        List<PhraseElement> elements = new ArrayList<>();
        while (!words.isEmpty()) {
            String word = words.remove(0);
            switch (word) {
                case "]" -> {
                    return List.copyOf(elements);
                }
                case "[" -> elements.add(new PhraseElement.Maybe(elements(words)));
                case "*" -> elements.add(PhraseElement::anyWord);
                case "N" -> elements.add(PhraseElement::number);
                case "T" -> elements.add(new PhraseElement.Type(false));
                case "T!" -> elements.add(new PhraseElement.Type(true));
                case "U" -> elements.add(PhraseElement::location);
                case "K" -> elements.add(PhraseElement::secretName);
                case "-*" -> elements.add(PhraseElement::options);
                case "$" -> elements.add(PhraseElement::lineEnd);
                case "..:" -> elements.add(PhraseElement::untilColon);
                case "|", "{", "<<<" -> elements.add(new PhraseElement.Sign(word));
                case "(" -> elements.add(PhraseElement::call);
                case "W" -> elements.add(PhraseElement::name);
                case ".." -> elements.add(new PhraseElement.Until(word(words.remove(0)), GAP));
                default -> elements.add(word(word));
            }
        }
        return elements;
    }

    private static PhraseElement word(String word) {
        return word.indexOf('§') >= 0 ? value(word) : keyword(word);
    }

    private static PhraseElement.Keyword keyword(String word) {
        boolean colon = word.endsWith(":");
        String plain = colon ? word.substring(0, word.length() - 1) : word;
        return new PhraseElement.Keyword(Set.of(plain.toLowerCase(Locale.ROOT).split("\\|", -1)), colon);
    }

    private static PhraseValue value(String word) {
        int mark = word.indexOf('§');
        String after = word.substring(mark + 1);
        PhraseValue.Sense sense =
                switch (after) {
                    case "+" -> PhraseValue.Sense.WORDS;
                    case "~" -> PhraseValue.Sense.SENTENCE;
                    case "!" -> PhraseValue.Sense.MIXED;
                    case "?" -> PhraseValue.Sense.DOUBT;
                    case "\"" -> PhraseValue.Sense.QUOTED;
                    case "", "@" -> PhraseValue.Sense.PLACE;
                    default -> throw new IllegalArgumentException("unknown kind of value: " + word);
                };
        return new PhraseValue(word.substring(0, mark), after.equals("@"), sense);
    }

    /** The possible first words, in lower case. */
    List<String> first() {
        return first.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether the phrase follows its first word. The cursor then contains its secrets. */
    boolean matches(String firstWord, PhraseCursor cursor) {
        // Within another name, as in DB_SECRET, the case of letters is not significant.
        boolean whole = first().contains(firstWord.toLowerCase(Locale.ROOT));
        if (exact && whole && !first.contains(firstWord)) {
            return false;
        }
        for (PhraseElement element : elements) {
            if (!element.match(cursor)) {
                return false;
            }
        }
        return !cursor.values().isEmpty();
    }
}
