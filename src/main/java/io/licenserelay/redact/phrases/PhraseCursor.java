package io.licenserelay.redact.phrases;

import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import java.util.ArrayList;
import java.util.List;

/** Reads the words after the first word of a phrase, all on one line. Never reads ahead more than a few hundred characters. */
public final class PhraseCursor {
    private static final int BLANKS = 16;
    private static final int LONGEST_WORD = 128;

    private final String text;
    private final Separators separators;
    private final List<Span> values = new ArrayList<>(2);
    private int start;
    private int at;

    /** The separators between the words of a phrase, each a superset of the previous one. */
    public enum Separators {
        /** Blanks, a colon or an equals sign. */
        BLANKS,
        /** Also quotes and an opening parenthesis: {@code "AUTH" "x"}, {@code PASSWORD('x')}. */
        QUOTES,
        /** Also commas: {@code ["sshpass", "-p", "x"]}. */
        COMMAS
    }

    PhraseCursor(String text, Separators separators) {
        this.text = text;
        this.separators = separators;
    }

    /** Starts again after a first word. */
    void start(int first, int after) {
        start = first;
        at = after;
        values.clear();
    }

    String text() {
        return text;
    }

    /** The start of the phrase. */
    int first() {
        return start;
    }

    int at() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    List<Span> values() {
        return values;
    }

    void value(int from, int to) {
        values.add(new Span(from, to, Phrases.NAME, null));
    }

    /** Removes all values after the first {@code count}. */
    void keep(int count) {
        values.subList(count, values.size()).clear();
    }

    boolean isQuote(int position) {
        return ValueBounds.isAt(text, position, '"') || ValueBounds.isAt(text, position, '\'');
    }

    /** The start of the next keyword without its opening quote; -1 at the end of the line. */
    int word() {
        int next = next();
        return next >= 0 && separators != Separators.BLANKS && isQuote(next) ? next + 1 : next;
    }

    /** The start of the next word with its opening quote; -1 at the end of the line. */
    int next() {
        int from = at;
        if (separators != Separators.BLANKS && isQuote(from)) {
            from++;
        }
        int next = from;
        if (separators == Separators.COMMAS && ValueBounds.isAt(text, next, ',')
                || separators != Separators.BLANKS && ValueBounds.isAt(text, next, '(')) {
            next++;
        }
        next = ValueBounds.skip(text, next, " \t", BLANKS);
        if (ValueBounds.isAt(text, next, ':') || ValueBounds.isAt(text, next, '=')) {
            next = ValueBounds.skip(text, next + 1, " \t", BLANKS);
            next += separators == Separators.COMMAS && ValueBounds.isAt(text, next, '(') ? 1 : 0;
        }
        return next == from || next >= text.length() || Character.isISOControl(text.charAt(next)) ? -1 : next;
    }

    /** The end of the keyword at a position. */
    int keywordEnd(int from) {
        int end = from;
        while (end < text.length() && end - from < LONGEST_WORD && isKeyword(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The end of any word at a position, after its quotes: a blank, or a comma between words. */
    int wordEnd(int from) {
        int end = from;
        while (end < text.length() && end - from < LONGEST_WORD) {
            char c = text.charAt(end);
            if (isQuote(end) && (end == from || text.charAt(end - 1) == '@')) {
                end = ValueBounds.quotedEnd(text, end + 1, c, LONGEST_WORD) + 1;
                continue;
            }
            boolean comma = c == ',' && separators == Separators.COMMAS && ValueBounds.isAny(text, end + 1, " \"'");
            if (Character.isWhitespace(c) || Character.isISOControl(c) || c == '"' || comma) {
                return end;
            }
            end++;
        }
        return end <= text.length() && end - from >= LONGEST_WORD ? from : Math.min(end, text.length());
    }

    static boolean isKeyword(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || "-_+./$@".indexOf(c) >= 0);
    }
}
