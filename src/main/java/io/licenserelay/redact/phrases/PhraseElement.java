package io.licenserelay.redact.phrases;

import io.licenserelay.redact.match.KeyName;
import io.licenserelay.redact.match.LogPrefix;
import io.licenserelay.redact.match.ValueBounds;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One element of a phrase after its first word. */
interface PhraseElement {
    /** Moves the cursor after the match and returns true, or leaves the cursor and returns false. */
    boolean match(PhraseCursor cursor);

    /**
     * One of several keywords.
     *
     * @param words in lower case
     * @param colon a colon or equals sign must follow
     */
    record Keyword(Set<String> words, boolean colon) implements PhraseElement {
        @Override
        public boolean match(PhraseCursor cursor) {
            int from = cursor.word();
            int end = from < 0 ? from : cursor.keywordEnd(from);
            if (end <= from
                    || !words.contains(cursor.text().substring(from, end).toLowerCase(Locale.ROOT))) {
                return false;
            }
            cursor.moveTo(end);
            return !colon || isColon(cursor.text(), end);
        }

        static boolean isColon(String text, int end) {
            int at = ValueBounds.skip(text, end, " ", 2);
            return ValueBounds.isAt(text, at, ':') || ValueBounds.isAt(text, at, '=');
        }
    }

    /** Any word: a name, an address, a URL. */
    static boolean anyWord(PhraseCursor cursor) {
        int from = cursor.next();
        int end = from < 0 ? from : cursor.wordEnd(from);
        boolean lineEnds = end - from > 1 && cursor.text().startsWith("\\n", end - 2);
        if (end <= from || lineEnds) {
            return false;
        }
        cursor.moveTo(end);
        return true;
    }

    /** A word that may be a name: not a word that describes secrets. */
    static boolean name(PhraseCursor cursor) {
        int from = cursor.next();
        return anyWord(cursor) && !PlainWords.isListedOrAction(cursor.text().substring(from, cursor.at()));
    }

    /** A sign between blanks. */
    record Sign(String sign) implements PhraseElement {
        @Override
        public boolean match(PhraseCursor cursor) {
            int from = cursor.next();
            if (from < 0 || !cursor.text().startsWith(sign, from)) {
                return false;
            }
            cursor.moveTo(from + sign.length());
            return true;
        }
    }

    /** A number, or several joined by signs: {@code 1/2}, {@code 10-12}. */
    static boolean number(PhraseCursor cursor) {
        int from = cursor.word();
        int end = from;
        while (from >= 0
                && end < cursor.text().length()
                && end - from < 20
                && (Character.isDigit(cursor.text().charAt(end)) || end > from && isJoint(cursor, end))) {
            end++;
        }
        if (end <= from
                || end < cursor.text().length()
                        && PhraseCursor.isKeyword(cursor.text().charAt(end))) {
            return false;
        }
        cursor.moveTo(end);
        return true;
    }

    private static boolean isJoint(PhraseCursor cursor, int at) {
        return "./-:".indexOf(cursor.text().charAt(at)) >= 0;
    }

    /**
     * The storage type of the value, if it is given and a value follows.
     *
     * @param needed whether the phrase requires it
     */
    record Type(boolean needed) implements PhraseElement {
        private static final Keyword TYPES = new Keyword(PlainWords.group("types"), false);

        @Override
        public boolean match(PhraseCursor cursor) {
            int before = cursor.at();
            if (TYPES.match(cursor) && cursor.next() >= 0) {
                return true;
            }
            cursor.moveTo(before);
            return !needed;
        }
    }

    /** Up to a few words, then the wanted element. */
    record Until(PhraseElement wanted, int most) implements PhraseElement {
        @Override
        public boolean match(PhraseCursor cursor) {
            for (int i = 0; i <= most; i++) {
                int before = cursor.at();
                if (wanted.match(cursor)) {
                    return true;
                }
                cursor.moveTo(before);
                if (!anyWord(cursor)) {
                    return false;
                }
            }
            return false;
        }
    }

    /** One to six words, the last one with a colon: {@code for user admin on vmanage:}. */
    static boolean untilColon(PhraseCursor cursor) {
        for (int i = 0; i < 6; i++) {
            if (!anyWord(cursor)) {
                return false;
            }
            String text = cursor.text();
            int end = cursor.at();
            if (text.charAt(end - 1) == ':' || Keyword.isColon(text, end)) {
                return true;
            }
        }
        return false;
    }

    /** Optional words. */
    record Maybe(List<PhraseElement> elements) implements PhraseElement {
        @Override
        public boolean match(PhraseCursor cursor) {
            int before = cursor.at();
            int values = cursor.values().size();
            for (PhraseElement element : elements) {
                if (!element.match(cursor)) {
                    cursor.moveTo(before);
                    cursor.keep(values);
                    return true;
                }
            }
            return true;
        }
    }

    /** The start of the arguments of a call. */
    static boolean call(PhraseCursor cursor) {
        return ValueBounds.isAt(cursor.text(), ValueBounds.skip(cursor.text(), cursor.at(), " =", 4), '(');
    }

    /** A file or URL: {@code terminal}, {@code bootflash:x.p12}, {@code https://host/x}. */
    static boolean location(PhraseCursor cursor) {
        int from = cursor.next();
        int end = from < 0 ? from : cursor.wordEnd(from);
        if (end <= from) {
            return false;
        }
        String word = cursor.text().substring(from, end);
        if (!word.equals("terminal") && !word.equals("url") && word.chars().noneMatch(c -> ":/\\".indexOf(c) >= 0)) {
            return false;
        }
        cursor.moveTo(end);
        return true;
    }

    /** A name that denotes a secret: {@code DB_PASSWORD}. */
    static boolean secretName(PhraseCursor cursor) {
        int from = cursor.word();
        int end = from < 0 ? from : cursor.keywordEnd(from);
        if (end <= from || !KeyName.isSecret(cursor.text().substring(from, end))) {
            return false;
        }
        cursor.moveTo(end);
        return true;
    }

    /** Options of a command: {@code -b}, {@code --verbose}. */
    static boolean options(PhraseCursor cursor) {
        for (int i = 0; i < 8; i++) {
            int from = cursor.word();
            if (from < 0 || cursor.text().charAt(from) != '-' || !anyWord(cursor)) {
                return true;
            }
        }
        return true;
    }

    /** Whether the phrase is at the start of its line, after the prefix of a log writer. */
    static boolean lineStart(PhraseCursor cursor) {
        return LogPrefix.isLineStart(cursor.text(), cursor.first());
    }

    /** Whether the rest of the line is empty. */
    static boolean lineEnd(PhraseCursor cursor) {
        String text = cursor.text();
        int end = ValueBounds.skip(text, cursor.at(), " \t\r;", 16);
        return end >= text.length() || "\n\"'`<\\}])\0\u001B".indexOf(text.charAt(end)) >= 0;
    }
}
