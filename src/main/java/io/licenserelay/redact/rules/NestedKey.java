package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.KeyName;
import io.licenserelay.redact.match.ValueBounds;
import io.licenserelay.redact.phrases.PlainWords;
import java.util.Set;

/**
 * A key at the position of another key's value: {@code credentials: password: x}. The secret is then the value of the inner key; if the
 * inner key counted as the value, the secret would remain.
 */
final class NestedKey {
    private static final Set<String> NAMES = Set.of("user", "username", "userid", "login", "account", "clientid");

    private NestedKey() {}

    /** The start of such a key, or -1: {@code from}, or the position after its opening quote or bracket. */
    static int at(String text, int from) {
        int start = ValueBounds.skip(text, from, "\"'", 1);
        int end = start;
        while (end < text.length() && end - start <= KeyName.LONGEST && ValueBounds.isName(text.charAt(end))) {
            end++;
        }
        int closed = ValueBounds.skip(text, end, "\"'", start - from);
        int separator = ValueBounds.skip(text, closed, " \t", 4);
        boolean colon = ValueBounds.isAt(text, separator, ':');
        if (end == start || start > from && closed == end) {
            return -1;
        }
        String name = text.substring(start, end);
        if (colon || ValueBounds.isAt(text, separator, '=')) {
            boolean known = KeyName.isSecret(name) || NAMES.contains(KeyName.plain(name));
            return known && !ValueBounds.isAny(text, separator + 1, "\n\r") ? from : -1;
        }
        if (ValueBounds.isAt(text, end, '(')) {
            return KeyName.isPlainName(name) && !ValueBounds.isAny(text, end + 1, ") \n") ? from : -1;
        }
        boolean secretFollows = separator > end && separator < text.length() && text.charAt(separator) > ' ';
        return secretFollows && KeyName.isPlainName(name) && !isSentence(text, separator) ? from : -1;
    }

    /** {@code secret: token was refused} contains no key. */
    private static boolean isSentence(String text, int word) {
        int end = ValueBounds.bareEnd(text, word, false, KeyName.LONGEST);
        return PlainWords.isListedOrAction(text.substring(word, end));
    }
}
