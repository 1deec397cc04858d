package io.licenserelay.redact.phrases;

import io.licenserelay.redact.match.ValueBounds;
import java.util.regex.Pattern;

/** Passwords of several words: {@code correct horse battery staple}. Only the words themselves show the end. */
public final class Passphrase {
    private static final int MAX_WORDS = 12;
    private static final int LONGEST_WORD = 20;
    private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'-]{0,18}+[0-9!?]{0,4}+");
    private static final String CLOSERS = "\n\r\"'`,;.)]}|<\\\0";

    private Passphrase() {}

    /**
     * The end of the passphrase that begins with the word at {@code [start, end)}: the end of its clause if all its words can belong to a
     * passphrase; otherwise {@code end}.
     */
    public static int end(String text, int start, int end) {
        return WORD.matcher(text).region(start, end).matches() ? rest(text, end) : end;
    }

    /** The number of words in {@code [start, end)}. */
    static int words(String text, int start, int end) {
        int words = 1;
        for (int i = start; i < end; i++) {
            words += text.charAt(i) == ' ' ? 1 : 0;
        }
        return words;
    }

    private static int rest(String text, int end) {
        int at = end;
        for (int words = 0; words < MAX_WORDS; words++) {
            if (at >= text.length() || CLOSERS.indexOf(text.charAt(at)) >= 0) {
                return at;
            }
            int word = ValueBounds.skip(text, at, " ", 2);
            int close = word;
            while (close < text.length() && close - word < LONGEST_WORD && isWordPart(text.charAt(close))) {
                close++;
            }
            if (word == at || close == word) {
                return isBlankToEnd(text, at) ? at : end;
            }
            if (close - word < 2
                    || PlainWords.isListedOrAction(text.substring(word, close))
                    || !WORD.matcher(text).region(word, close).matches()) {
                return end;
            }
            at = close;
        }
        return end;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || "'-!?_:=/".indexOf(c) >= 0;
    }

    private static boolean isBlankToEnd(String text, int at) {
        int end = ValueBounds.skip(text, at, " \t", 8);
        return end >= text.length() || CLOSERS.indexOf(text.charAt(end)) >= 0;
    }
}
