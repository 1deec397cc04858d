package io.licenserelay.redact.phrases;

import io.licenserelay.redact.match.RuleTable;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Words that follow a phrase such as {@code enable password} and are not secrets: configuration keywords, and words with which logs
 * describe a secret.
 */
public final class PlainWords {
    private static final int LONGEST = 32;
    private static final Map<String, Set<String>> GROUPS = RuleTable.groups("plain-words.txt");
    private static final Set<String> LISTED = Stream.of("grammar", "states", "nouns", "keywords")
            .flatMap(name -> group(name).stream())
            .collect(Collectors.toSet());
    private static final Set<String> OUTCOMES = group("outcomes");
    private static final Set<String> SUBJECTS = group("subjects");

    /** An action on a secret: {@code rejected}, {@code rotating}. */
    private static final Pattern ACTION = Pattern.compile("[a-z-]{3,24}(?:ed|ing|able|ible|ly)");

    private PlainWords() {}

    /** The words of a group of {@code redact/plain-words.txt}. */
    static Set<String> group(String name) {
        return RuleTable.group(GROUPS, name);
    }

    /** Whether the word is listed, such as {@code required}, which is not a password. */
    static boolean isListed(String word) {
        if (word.length() > LONGEST) {
            return false;
        }
        return LISTED.contains(strip(word).toLowerCase(Locale.ROOT));
    }

    /** Whether the word is listed, or looks like an action. */
    public static boolean isListedOrAction(String word) {
        return isListed(word)
                || word.length() <= LONGEST && ACTION.matcher(strip(word)).matches();
    }

    /** Whether the value describes a secret: {@code invalid}, {@code must be at least 8 characters}. */
    public static boolean isStatement(String value) {
        String[] words =
                value.length() > 4 * LONGEST ? new String[0] : value.strip().split("\\s+", 12);
        if (words.length < 2) {
            return words.length == 1 && OUTCOMES.contains(strip(words[0]).toLowerCase(Locale.ROOT));
        }
        for (int i = 0; i < words.length; i++) {
            if (!isListedOrAction(words[i])
                    && !SUBJECTS.contains(strip(words[i]).toLowerCase(Locale.ROOT))
                    && (i == 0 || !words[i].chars().allMatch(Character::isDigit))) {
                return false;
            }
        }
        return true;
    }

    /** The word without the punctuation of a sentence. */
    private static String strip(String word) {
        int end = word.length();
        while (end > 0 && ".,;:!?)'\"".indexOf(word.charAt(end - 1)) >= 0) {
            end--;
        }
        int start = 0;
        while (start < end && "('\"".indexOf(word.charAt(start)) >= 0) {
            start++;
        }
        return word.substring(start, end);
    }
}
