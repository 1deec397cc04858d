package io.licenserelay.redact;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what stands behind a name that means a secret: JSON, forms and queries, headers, Java maps, Ruby hashes, XML
 * elements and attributes, YAML, properties, JAAS, environment and options of commands. Escaped dialects are seen with
 * their escapes taken off.
 */
final class KeyNames implements Rule {
    static final String NAME = "key-name";
    private static final int BLANKS = 16;
    private static final int TAG = 256;
    /** {@code name: DB_PASSWORD, value: …}: the name is a value itself, its secret the next one. */
    private static final Pattern PAIR =
            Pattern.compile("[\"']?+[\\s,;]{0,64}+[\"']?+(?i:value|content)[\"']?+\\s{0,8}+[:=]\\s{0,8}+");
    /** What parsers say of a token that is none of ours. */
    private static final Pattern PARSER =
            Pattern.compile("(?i)(?:unexpected|invalid|unrecognized|illegal|unknown|next|bad)\\s$");

    @Override
    public void find(String text, Consumer<Span> found) {
        Matcher pair = PAIR.matcher(text);
        for (int at = 0; at < text.length(); ) {
            if (!Values.isName(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < text.length() && Values.isName(text.charAt(end))) {
                end++;
            }
            at = isCandidate(text, at, end) ? new Named(text, at, end, found).take(pair) : end;
        }
    }

    /** Takes all the text behind {@code from} for the value of the name. */
    static Rule valueOf(String name, int from) {
        boolean header = KeyName.isHeader(name);
        return (text, found) -> emit(text, Math.min(from, text.length()), text.length(), header, found);
    }

    private static void emit(String text, int from, int to, boolean header, Consumer<Span> found) {
        int start = header ? Headers.afterScheme(text, from, to) : from;
        String value = text.substring(start, to);
        boolean words = header && start == from && !Headers.isCredential(value);
        if (!words && !Values.isPlaceholder(value)) {
            found.accept(new Span(start, to, NAME, null));
        }
    }

    private static boolean isCandidate(String text, int start, int end) {
        return end - start <= KeyName.LONGEST
                && Values.isAny(text, end, "\"'`]:= \t>\n")
                && KeyName.isSecret(text.substring(start, end));
    }

    /** One such name, and the way to its value. */
    private record Named(String text, int start, int end, Consumer<Span> found) {

        /** Where to go on. */
        int take(Matcher pair) {
            int closed = Values.skip(text, end, "]\"'`", 4);
            int separator = Values.skip(text, closed, " \t", BLANKS);
            int value = afterSeparator(separator);
            if (value >= 0) {
                return isParserSpeaking() ? value : value(value, isAlone() && text.charAt(separator) == ':');
            }
            if (pair.region(end, text.length()).lookingAt()) {
                return value(pair.end(), false);
            }
            if (isInTag(closed > end)) {
                return element(closed);
            }
            return separator > end && separator < text.length() ? option(separator) : end;
        }

        private int afterSeparator(int at) {
            int after = -1;
            if (text.startsWith("=>", at) || text.startsWith(":=", at) || text.startsWith("==", at)) {
                after = at + 2;
            } else if (Values.isAt(text, at, '=') || Values.isAt(text, at, ':')) {
                after = at + 1;
            }
            return after < 0 ? -1 : Values.skip(text, after, " \t", BLANKS);
        }

        private int value(int from, boolean toLineEnd) {
            int at = Values.skip(text, from, "[", 2);
            boolean list = at > from;
            if (!list && KeyName.isPlural(KeyName.plain(text.substring(start, end)))) {
                return from;
            }
            boolean header = KeyName.isHeader(text.substring(start, end));
            int next = one(at, header, toLineEnd && !list);
            while (list && Values.isAt(text, next, ',')) {
                at = Values.skip(text, next + 1, " \t\n", BLANKS);
                if (!Values.isAt(text, at, '"') && !Values.isAt(text, at, '\'')) {
                    return next;
                }
                next = one(at, header, false);
            }
            return next;
        }

        /** One value; where to go on behind it. */
        private int one(int from, boolean header, boolean toLineEnd) {
            int at = from;
            if (at + 1 < text.length() && "ubr".indexOf(text.charAt(at)) >= 0 && isQuote(at + 1)) {
                at++;
            }
            if (isQuote(at)) {
                char quote = text.charAt(at);
                int close = Values.quotedEnd(text, at + 1, quote);
                emit(at + 1, close, header);
                return Math.min(text.length(), close + 1);
            }
            if (isObject(at)) {
                return at + 1;
            }
            boolean digest = header && text.regionMatches(true, at, "Digest ", 0, 7);
            int close = digest ? lineEnd(at) : Values.bareEnd(text, at, header || toLineEnd);
            emit(at, close, header);
            return Math.max(close, end);
        }

        private void emit(int from, int to, boolean header) {
            KeyNames.emit(text, from, to, header, found);
        }

        private boolean isObject(int at) {
            return Values.isAt(text, at, '{')
                    && !text.startsWith("{{", at)
                    && Values.isAny(text, at + 1, " \t\r\n\"'}:");
        }

        /** An element's name, or an attribute's value; {@code Optional<Token>} is neither. */
        private boolean isInTag(boolean quoted) {
            int open = start - 1;
            while (open >= 0 && start - open < TAG && "<>".indexOf(text.charAt(open)) < 0) {
                if (!quoted && !Values.isName(text.charAt(open)) && text.charAt(open) != ':') {
                    return false;
                }
                open--;
            }
            return Values.isAt(text, Math.max(0, open), '<')
                    && !text.startsWith("</", open)
                    && (open == 0 || !Character.isLetterOrDigit(text.charAt(open - 1)));
        }

        private int element(int from) {
            int close = from;
            while (close < text.length() && close - from < TAG && "<>".indexOf(text.charAt(close)) < 0) {
                close++;
            }
            if (!Values.isAt(text, close, '>') || text.charAt(close - 1) == '/') {
                return from;
            }
            int content = close + 1;
            boolean data = text.startsWith("<![CDATA[", content);
            int first = data ? content + 9 : content;
            int next = text.indexOf(data ? "]]>" : "<", first);
            int last = next < 0 ? lineEnd(first) : next;
            if (!text.substring(first, last).isBlank()) {
                emit(first, last, false);
            }
            return last;
        }

        /** {@code --password x}, {@code idtoken x}, {@code password 7 x} of a router, {@code PASSWORD 'x'} of SQL. */
        private int option(int at) {
            String name = KeyName.plain(text.substring(start, end));
            boolean dashed = text.charAt(start) == '-' && !Values.isAt(text, at, '-') && isOption();
            boolean always = name.equals("idtoken") || name.equals("requirepass") || name.equals("masterauth");
            boolean stored = at + 2 < text.length()
                    && "056789".indexOf(text.charAt(at)) >= 0
                    && text.charAt(at + 1) == ' '
                    && !name.endsWith("token")
                    && Values.bareEnd(text, at + 2, false) - at >= 8;
            if (stored) {
                return one(at + 2, false, false);
            }
            return dashed || always || isQuote(at) && name.endsWith("password") ? one(at, false, false) : end;
        }

        private boolean isOption() {
            return start == 0 || Character.isWhitespace(text.charAt(start - 1)) || isQuote(start - 1);
        }

        private boolean isQuote(int at) {
            return Values.isAt(text, at, '"') || Values.isAt(text, at, '\'');
        }

        /** First on its line, as in YAML, properties and headers. */
        private boolean isAlone() {
            int at = start;
            while (at > 0 && start - at < 64 && " \t-".indexOf(text.charAt(at - 1)) >= 0) {
                at--;
            }
            return at == 0 || text.charAt(at - 1) == '\n';
        }

        private boolean isParserSpeaking() {
            return KeyName.plain(text.substring(start, end)).equals("token")
                    && PARSER.matcher(text.substring(Math.max(0, start - 16), start))
                            .find();
        }

        private int lineEnd(int from) {
            int at = text.indexOf('\n', from);
            return at < 0 ? text.length() : at;
        }
    }
}
