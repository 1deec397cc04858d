package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.KeyName;
import io.licenserelay.redact.match.LogPrefix;
import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import io.licenserelay.redact.phrases.Passphrase;
import io.licenserelay.redact.phrases.PlainWords;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the value after a name that denotes a secret: JSON, forms and queries, headers, Java maps, Ruby hashes, XML elements and
 * attributes, YAML, properties, JAAS, environment and command options. Escaped forms are searched after unescaping.
 */
public final class KeyNames implements RedactionRule {
    static final String NAME = "key-name";
    private static final int BLANKS = 16;
    /** {@code name: DB_PASSWORD, value: …}: the name itself is a value, and the secret is the next value. */
    private static final Pattern PAIR =
            Pattern.compile("[\"']?+[\\s,;]{0,64}+[\"']?+(?i:value|content)[\"']?+\\s{0,8}+[:=]\\s{0,8}+");

    private static final Pattern OUTCOME = Pattern.compile("[a-z_]{1,24}+|\\d{1,5}+");
    private static final Pattern MESSAGE = Pattern.compile("[A-Z0-9_-]{1,48}-[0-7]-[A-Z0-9_]{1,48}");
    private static final Pattern STATUS = Pattern.compile("[1-5]\\d\\d");
    /** A parser's message about a token in its own sense. */
    private static final Pattern PARSER =
            Pattern.compile("(?i)(?:unexpected|invalid|unrecognized|illegal|unknown|next|bad)\\s$");

    @Override
    public void find(String text, Consumer<Span> found) {
        Matcher pair = PAIR.matcher(text);
        for (int at = 0; at < text.length(); ) {
            if (!ValueBounds.isName(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < text.length() && ValueBounds.isName(text.charAt(end))) {
                end++;
            }
            at = isCandidate(text, at, end) ? new Named(text, at, end, found).search(pair) : end;
        }
    }

    /** Treats all text after {@code from} as the value of the name. */
    public static RedactionRule valueOf(String name, int from) {
        return (text, found) -> emit(name, text, Math.min(from, text.length()), text.length(), found);
    }

    /** {@code token: invalid_client} and {@code pw: 401} are results of a token request. */
    private static boolean isOutcome(String name, String value) {
        String plain = KeyName.plain(name.substring(name.lastIndexOf('.') + 1));
        return plain.equals("token") && OUTCOME.matcher(value).matches()
                || plain.equals("pw") && STATUS.matcher(value).matches();
    }

    private static void emit(String name, String text, int from, int to, Consumer<Span> found) {
        boolean header = KeyName.isHeader(name);
        int start = header ? AuthorizationHeaders.afterScheme(text, from, to) : from;
        String value = text.substring(start, to);
        boolean words = header && start == from && !AuthorizationHeaders.isCredential(value);
        if (!words
                && !ValueBounds.isPlaceholder(value)
                && !isOutcome(name, value)
                && !KeyName.isDirectory(name, value)
                && !KeyName.isOtherCommunity(name, value)
                && !PlainWords.isStatement(value)) {
            found.accept(new Span(start, to, NAME, null));
        }
    }

    private static boolean isCandidate(String text, int start, int end) {
        return end - start <= KeyName.LONGEST
                && ValueBounds.isAny(text, end, "\"'`]:= \t>\n")
                && KeyName.isSecret(text.substring(start, end))
                && !isMessageName(text, start, end);
    }

    /** A message name of IOS: {@code %RADIUS-3-NOSECRET:}. */
    private static boolean isMessageName(String text, int start, int end) {
        return start > 0
                && text.charAt(start - 1) == '%'
                && MESSAGE.matcher(text).region(start, end).matches();
    }

    /** One name that denotes a secret, and the search for its value. */
    private record Named(String text, int start, int end, Consumer<Span> found) {

        /** The position to continue at. */
        int search(Matcher pair) {
            int closed = ValueBounds.skip(text, end, "]\"'`", 4);
            int separator = ValueBounds.skip(text, closed, " \t", BLANKS);
            int value = afterSeparator(separator);
            if (value >= 0) {
                return isParserMessage()
                        ? value
                        : value(value, closed == end && isFirstOnLine() && text.charAt(separator) == ':');
            }
            if (pair.region(end, text.length()).lookingAt()) {
                return value(pair.end(), false);
            }
            if (closed > end && start > 1 && text.charAt(start - 2) == '[' && ValueBounds.isAt(text, closed, ',')) {
                return bound(ValueBounds.skip(text, closed, ", ", 4));
            }
            if (XmlTags.isIn(text, start, closed > end)) {
                return element(closed);
            }
            return separator > end && separator < text.length() ? option(separator) : end;
        }

        private int afterSeparator(int at) {
            int after = -1;
            if (text.startsWith("=>", at) || text.startsWith(":=", at) || text.startsWith("==", at)) {
                after = at + 2;
            } else if (ValueBounds.isAt(text, at, '=') || ValueBounds.isAt(text, at, ':')) {
                after = at + 1;
            }
            return after < 0 ? -1 : ValueBounds.skip(text, after, " \t", BLANKS);
        }

        private int value(int from, boolean toLineEnd) {
            int at = ValueBounds.skip(text, from, "[", 2);
            boolean list = at > from;
            if (!list && KeyName.isPlural(KeyName.plain(text.substring(start, end)))) {
                return from;
            }
            int nested = list ? -1 : NestedKey.at(text, from);
            if (nested >= 0) {
                return nested;
            }
            boolean header = KeyName.isHeader(text.substring(start, end));
            if (list && header && !isQuote(at)) {
                int close = ValueBounds.listEnd(text, at);
                emit(at, close);
                return close;
            }
            int next = findOne(at, header, toLineEnd && !list);
            while (list && ValueBounds.isAt(text, next, ',')) {
                at = ValueBounds.skip(text, next + 1, " \t\n", BLANKS);
                if (!ValueBounds.isAt(text, at, '"') && !ValueBounds.isAt(text, at, '\'')) {
                    return next;
                }
                next = findOne(at, header, false);
            }
            return next;
        }

        /** Finds one value and returns the position after it. */
        private int findOne(int from, boolean header, boolean toLineEnd) {
            int at = from;
            if (at + 1 < text.length() && "ubrN".indexOf(text.charAt(at)) >= 0 && isQuote(at + 1)) {
                at++;
            }
            if (isQuote(at)) {
                char quote = text.charAt(at);
                if (isClosing(at)) {
                    return at + 1;
                }
                int close = ValueBounds.quotedEnd(text, at + 1, quote);
                emit(at + 1, close);
                return Math.min(text.length(), close + 1);
            }
            if (isObject(at)) {
                int inner = SecretObject.value(text, at);
                return inner < 0 ? at + 1 : findOne(inner, false, false);
            }
            boolean digest = header && text.regionMatches(true, at, "Digest ", 0, 7);
            int close = digest ? ValueBounds.lineEnd(text, at) : ValueBounds.bareEnd(text, at, header || toLineEnd);
            close = header || toLineEnd || !isSentence(at) ? close : Passphrase.end(text, at, close);
            emit(at, close);
            return Math.max(close, end);
        }

        /**
         * {@code password: x y z} may have several words, but the words after {@code PGPASSWORD=x} and {@code --password x} belong to a
         * command.
         */
        private boolean isSentence(int value) {
            return text.charAt(value - 1) == ' ' && (text.charAt(value - 2) == ':' || text.charAt(value - 2) == '=');
        }

        /** {@code expect "Password:"; send "x"}: the quote after the colon ends a text that began before the name. */
        private boolean isClosing(int at) {
            return !isQuote(ValueBounds.skip(text, end, "]", 1)) && ValueBounds.isClosingQuote(text, at);
        }

        private void emit(int from, int to) {
            KeyNames.emit(text.substring(start, end), text, from, to, found);
        }

        private boolean isObject(int at) {
            return ValueBounds.isAt(text, at, '{')
                    && !text.startsWith("{{", at)
                    && (ValueBounds.isAny(text, at + 1, " \t\r\n\"'}:") || NestedKey.at(text, at + 1) >= 0);
        }

        /** {@code [["token", "x"]]}: values that Rails bound to a statement. */
        private int bound(int at) {
            int close = isQuote(at) ? ValueBounds.quotedEnd(text, at + 1, text.charAt(at)) : at;
            return ValueBounds.isAt(text, close + 1, ']') ? findOne(at, false, false) : at;
        }

        private int element(int from) {
            XmlTags.Content content = XmlTags.content(text, from);
            if (content == null) {
                return from;
            }
            if (!text.substring(content.start(), content.end()).isBlank()) {
                emit(content.start(), content.end());
                return content.end();
            }
            int inner = SecretObject.element(text, content.end());
            return inner < 0 ? content.end() : element(inner);
        }

        /** {@code --password x}, {@code idtoken x}, {@code password 7 x} of a router, {@code PASSWORD 'x'} of SQL. */
        private int option(int at) {
            String name = KeyName.plain(text.substring(start, end));
            boolean dashed = text.charAt(start) == '-' && !ValueBounds.isAt(text, at, '-') && isOption();
            boolean always = name.equals("idtoken")
                    && !PlainWords.isListedOrAction(
                            text.substring(at, Math.min(at + 32, ValueBounds.bareEnd(text, at, false, 32))));
            boolean stored = at + 2 < text.length()
                    && "056789".indexOf(text.charAt(at)) >= 0
                    && text.charAt(at + 1) == ' '
                    && !name.endsWith("token")
                    && ValueBounds.bareEnd(text, at + 2, false) - at >= 8;
            if (stored) {
                return findOne(at + 2, false, false);
            }
            return dashed || always || (isQuote(at) && name.endsWith("password")) ? findOne(at, false, false) : end;
        }

        private boolean isOption() {
            return start == 0 || Character.isWhitespace(text.charAt(start - 1)) || isQuote(start - 1);
        }

        private boolean isQuote(int at) {
            return ValueBounds.isAt(text, at, '"') || ValueBounds.isAt(text, at, '\'');
        }

        /** Whether the name is first on its line, as in YAML, properties and headers, or follows only a log prefix. */
        private boolean isFirstOnLine() {
            return LogPrefix.isLineStart(text, start);
        }

        private boolean isParserMessage() {
            return KeyName.plain(text.substring(start, end)).equals("token")
                    && PARSER.matcher(text.substring(Math.max(0, start - 16), start))
                            .find();
        }
    }
}
