package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds credentials after the scheme of an Authorization header, with or without the header's name. */
public final class AuthorizationHeaders implements RedactionRule {
    private static final Pattern SCHEME =
            Pattern.compile("(?i)(?:Bearer|Basic|Negotiate|NTLM|Token|ApiKey|DPoP|Digest)[ +]{1,4}+");
    private static final Pattern BARE =
            Pattern.compile("(?<![A-Za-z0-9_-])(?i:(Bearer)|Basic)[ +]{1,4}+([A-Za-z0-9._~+/=-]{8,}+)");
    private static final List<String> WORDS = List.of("earer", "EARER", "asic", "ASIC");
    private static final Pattern CREDENTIAL = Pattern.compile("(?=\\D*+\\d)\\S{8,}+");
    private static final Pattern BLANKS = Pattern.compile("\\s++");
    private static final int PLAIN_WORD = 20;

    /** The start of the value after a scheme, or {@code from}. */
    static int afterScheme(String text, int from, int to) {
        Matcher scheme = SCHEME.matcher(text).region(from, to);
        return scheme.lookingAt() ? scheme.end() : from;
    }

    /** Whether the value is more than words: a license may also be "authorized". */
    static boolean isCredential(String value) {
        if (value.indexOf('=') >= 0 || value.indexOf("***") >= 0) {
            return true;
        }
        for (String word : BLANKS.split(value, -1)) {
            if (word.length() >= PLAIN_WORD || CREDENTIAL.matcher(word).matches()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void find(String text, Consumer<Span> found) {
        if (WORDS.stream().noneMatch(text::contains)) {
            return;
        }
        Matcher bare = BARE.matcher(text);
        while (bare.find()) {
            String value = bare.group(2);
            boolean secret = bare.group(1) == null ? isNameAndPassword(value) : isToken(value);
            if (secret) {
                found.accept(new Span(bare.start(2), bare.end(2), "header", null));
            }
        }
    }

    private static boolean isToken(String value) {
        return value.length() >= PLAIN_WORD
                || value.chars().anyMatch(Character::isDigit)
                || (value.chars().skip(1).anyMatch(Character::isUpperCase)
                        && value.chars().anyMatch(Character::isLowerCase));
    }

    private static boolean isNameAndPassword(String value) {
        int wholeGroups = value.length() - value.length() % 4;
        try {
            byte[] decoded = Base64.getDecoder().decode(value.substring(0, wholeGroups));
            return new String(decoded, StandardCharsets.ISO_8859_1).indexOf(':') >= 0;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
