package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import java.util.function.Consumer;

/** Finds the password in {@code https://user:password@host}. */
public final class UrlPasswords implements RedactionRule {
    private static final int LONGEST = 1024;

    @Override
    public void find(String text, Consumer<Span> found) {
        for (int at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
            int colon = -1;
            int host = -1;
            for (int i = at + 3; i < text.length() && i - at < LONGEST && !endsAuthority(text.charAt(i)); i++) {
                if (text.charAt(i) == ':' && colon < 0) {
                    colon = i;
                } else if (text.charAt(i) == '@') {
                    host = i;
                }
            }
            if (colon >= 0 && host > colon + 1 && !ValueBounds.isPlaceholder(text.substring(colon + 1, host))) {
                found.accept(new Span(colon + 1, host, "url-user", null));
            }
        }
    }

    private static boolean endsAuthority(char c) {
        return Character.isWhitespace(c) || "/\"'<>?#`".indexOf(c) >= 0;
    }
}
