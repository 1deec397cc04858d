package io.licenserelay.redact.phrases;

import io.licenserelay.redact.match.ValueBounds;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The secret of a phrase.
 *
 * @param before text before the secret in the same word: {@code pass:}, or {@code *:} for any name and a colon, {@code A:} for a well-known
 *     one
 * @param at whether the secret ends at the last {@code @} of the word
 * @param sense which words count as a secret
 */
record PhraseValue(String before, boolean at, Sense sense) implements PhraseElement {
    /** The conditions under which a word counts as a secret. */
    enum Sense {
        /** The position is unambiguous: all words except those that are known to occur there with another meaning. */
        PLACE,
        /** Like {@link #PLACE}; the secret may have several words. */
        WORDS,
        /** Like {@link #PLACE}, except for verbs and small numbers. */
        DOUBT,
        /** In a sentence: all words except verbs and adjectives. */
        SENTENCE,
        /** In any text: the word must mix letters with digits or signs in a way that no language does. */
        MIXED,
        /** In quotes. */
        QUOTED
    }

    private static final int LONGEST = 1024;
    private static final int PLAIN = 64;
    private static final Pattern MIX = Pattern.compile(
            "(?=[^\\p{L}]{0,32}\\p{L})(?=.{0,32}?[\\d!#$%&*+@^~?=]).{6,}|\\p{Ll}+\\p{Lu}+\\p{L}*+[\\d\\W]+.*");
    /** Names of standards and addresses also mix letters and digits. */
    private static final Pattern TECHNICAL = Pattern.compile(
            "(?i)(?:sha|md|aes|hmac|pbkdf|rsa|rfc|utf|oauth|saml|base|x|v"
                    + "|des|tls|ssl|http|https|ipv|e|bcrypt|scrypt|argon)[-_/]?\\d[-\\w/.]*|.{0,64}(?:[=(<>{\\[|]|://).*"
                    + "|[-\\w.]+\\.(?:[a-z]{2,5}|\\d+)(?::\\d+)?|[/~.].*|\\d+[a-z]{0,3}|\\w+[:#]\\d+|id[-:_#]?\\d+|hmac-.*|[A-Za-z][\\w.-]*/v?\\d[\\w.]*");
    /** A number, an assignment, a path, a class. */
    private static final Pattern DOUBTFUL =
            Pattern.compile("\\d{1,5}|[A-Za-z][\\w.-]{0,31}=[^=].*" + "|[\\w.-]*/[\\w./-]+|(?:[a-z]\\w*\\.){2,}\\w+");
    /** The form of Kubernetes object names, including objects that contain secrets: {@code secret "db-1" not found}. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9][-a-z0-9.]*");
    /** An address, a small number, an option, a BGP community. */
    private static final Pattern NO_SECRET = Pattern.compile(
            "\\d{1,10}(?::\\d{1,10}){1,2}|\\d{1,3}(?:\\.\\d{1,3}){3}(?:/\\d{1,2}|:\\d{1,5})?|\\d{1,2}|--?[a-zA-Z]|--[a-z-]+|[^\\p{L}\\p{N}]{1,3}"
                    + "|(?i:(?:old_)?password|crypt)\\(['\"].*");

    private static final Pattern ASSIGNED = Pattern.compile("[\\w.-]{1,32}=.*|https?://.*|[(/~-].*|\\w:\\\\.*");
    private static final Pattern NAME = Pattern.compile("[\\w.@\\\\+-]{0,63}\\p{L}[\\w.@\\\\+-]{0,63}");
    private static final Pattern PUNCTUATION = Pattern.compile("[*_`.,:;!?)\\]}>\"']+$");
    private static final Set<String> ACCOUNTS = PlainWords.group("accounts");
    /** Words that describe a rejected password; only unambiguous secrets are replaced after them. */
    private static final Set<String> REFUSALS = PlainWords.group("refusals");

    @Override
    public boolean match(PhraseCursor cursor) {
        int from = cursor.next();
        if (from < 0) {
            return false;
        }
        String text = cursor.text();
        int begin = from;
        // N'x' of SQL Server, b'x' of Python
        from += "Nbur".indexOf(text.charAt(from)) >= 0 && cursor.isQuote(from + 1) ? 1 : 0;
        if (cursor.isQuote(from) && ValueBounds.isClosingQuote(text, from)) {
            return false;
        }
        int start = cursor.isQuote(from) ? from + 1 : from;
        char quote = start > from ? text.charAt(from) : 0;
        if (!before.isEmpty() && !isName(before)) {
            if (!text.regionMatches(true, start, before, 0, before.length())) {
                return false;
            }
            start += before.length();
            if (quote == 0 && cursor.isQuote(start)) {
                begin = start;
                quote = text.charAt(start++);
            }
        }
        if (quote == 0 && sense == Sense.QUOTED) {
            return false;
        }
        int end = quote == 0
                ? ValueBounds.bareEnd(text, start, false, LONGEST)
                : ValueBounds.quotedEnd(text, start, quote, LONGEST);
        if (quote == 0 && end - start > 2 && text.charAt(end - 2) == '\\' && "nr".indexOf(text.charAt(end - 1)) >= 0) {
            end -= 2; // the end of a line within a string of JSON
        }
        int after = quote == 0 ? end : Math.min(text.length(), end + 1);
        if (quote == 0 && (sense == Sense.WORDS || sense == Sense.SENTENCE)) {
            end = Passphrase.end(text, start, end);
            after = end;
        }
        return accept(cursor, begin, start, end, after, quote != 0);
    }

    private boolean accept(PhraseCursor cursor, int begin, int start, int end, int after, boolean quoted) {
        String text = cursor.text();
        int from = start;
        int to = at ? lastAt(text, start, end) : end;
        if (isName(before)) {
            int separator = separator(text, start, end);
            if (separator <= start || !isAccount(text.substring(start, separator))) {
                return false;
            }
            from = separator + 1;
        }
        if (to <= from || !isSecret(cursor, from, to, after, quoted)) {
            return false;
        }
        cursor.value(from, to);
        cursor.moveTo(Math.max(after, begin));
        return true;
    }

    private static boolean isName(String before) {
        return before.length() == 2 && "*A".indexOf(before.charAt(0)) >= 0;
    }

    private static int lastAt(String text, int from, int to) {
        int at = to - 1;
        while (at > from && text.charAt(at) != '@') {
            at--;
        }
        return at;
    }

    private int separator(String text, int from, int to) {
        for (int i = from; i < Math.min(to, from + PLAIN); i++) {
            if (text.charAt(i) == before.charAt(1)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isAccount(String name) {
        return before.charAt(0) == 'A'
                ? ACCOUNTS.contains(name.toLowerCase(Locale.ROOT))
                : NAME.matcher(name).matches();
    }

    private boolean isSecret(PhraseCursor cursor, int from, int to, int after, boolean quoted) {
        String text = cursor.text();
        if (to - from > PLAIN) {
            return quoted || sense != Sense.QUOTED;
        }
        String value = text.substring(from, to);
        boolean key = quoted && ValueBounds.isAt(text, after, ':');
        if (key
                || ValueBounds.isPlaceholder(value)
                || !quoted && NO_SECRET.matcher(value).matches()) {
            return false;
        }
        return switch (sense) {
            case QUOTED -> quoted && !PlainWords.isListed(value) && !PlainWords.isStatement(value);
            case MIXED -> isMixed(value) && !(quoted && LABEL.matcher(value).matches());
            case PLACE, WORDS -> !isKeyword(text, value, after);
            case DOUBT ->
                !PlainWords.isListedOrAction(value)
                        && !DOUBTFUL.matcher(value).matches()
                        && !(value.endsWith("=") && cursor.isQuote(to));
            case SENTENCE -> quoted ? !PlainWords.isListed(value) : isDescribed(cursor, value, from);
        };
    }

    private static boolean isMixed(String value) {
        return MIX.matcher(PUNCTUATION.matcher(value).replaceFirst("")).matches()
                && !TECHNICAL.matcher(value).matches();
    }

    /** Whether the word is listed, or looks like a verb that is followed by the rest of a sentence. */
    private static boolean isKeyword(String text, String value, int after) {
        boolean sentenceContinues = ValueBounds.isAt(text, after, ' ')
                && after + 1 < text.length()
                && Character.isLetter(text.charAt(after + 1));
        return sentenceContinues ? PlainWords.isListedOrAction(value) : PlainWords.isListed(value);
    }

    private static boolean isDescribed(PhraseCursor cursor, String value, int from) {
        if (ASSIGNED.matcher(value).matches()) {
            return false;
        }
        int blank = value.indexOf(' ');
        String first = blank < 0 ? value : value.substring(0, blank);
        if (PlainWords.isListedOrAction(first)) {
            return Passphrase.words(cursor.text(), from, from + value.length()) >= 4;
        }
        return isMixed(first) || first.length() > 2 && !REFUSALS.contains(wordBefore(cursor));
    }

    private static String wordBefore(PhraseCursor cursor) {
        String text = cursor.text();
        int end = cursor.first();
        while (end > 0 && cursor.first() - end < 4 && text.charAt(end - 1) == ' ') {
            end--;
        }
        int start = end;
        while (start > 0 && end - start < 16 && Character.isLetter(text.charAt(start - 1))) {
            start--;
        }
        return text.substring(start, end).toLowerCase(Locale.ROOT);
    }
}
