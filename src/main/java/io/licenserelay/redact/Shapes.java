package io.licenserelay.redact;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds tokens that are known by their shape alone. */
final class Shapes implements Rule {
    /** RFC 7519: three parts in base64url, the first of which begins with a brace and a quote; five when encrypted. */
    private static final Pattern JWT =
            Pattern.compile("(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}+(?:\\.[A-Za-z0-9_-]{2,}+){1,4}+\\.?");
    /** A Smart Licensing registration token: base64 in lines, whose line ends are percent-encoded. */
    private static final Pattern REGISTRATION = Pattern.compile(
            "(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}+(?:%0[Aa][A-Za-z0-9+/]{1,120}+){1,20}+(?:%3[Dd]){0,2}+(?:%0[Aa])?+");

    @Override
    public void find(String text, Consumer<Span> found) {
        if (text.contains("eyJ")) {
            find(JWT, "jwt", text, found);
        }
        if (text.contains("%0")) {
            find(REGISTRATION, "registration-token", text, found);
        }
    }

    private static void find(Pattern shape, String rule, String text, Consumer<Span> found) {
        Matcher matcher = shape.matcher(text);
        while (matcher.find()) {
            found.accept(new Span(matcher.start(), matcher.end(), rule, null));
        }
    }
}
