package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds tokens by their format alone. */
public final class TokenPatterns implements RedactionRule {
    /** RFC 7519: three parts in base64url, the first of which begins with a brace and a quote; five parts if encrypted. */
    private static final Pattern JWT =
            Pattern.compile("(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}+(?:\\.[A-Za-z0-9_-]{2,}+){1,4}+\\.?");
    /** A Smart Licensing registration token: lines of base64 whose line ends are percent-encoded. */
    private static final Pattern REGISTRATION = Pattern.compile(
            "(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}+(?:%0[Aa][A-Za-z0-9+/]{1,120}+){1,20}+(?:%3[Dd]){0,2}+(?:%0[Aa])?+");

    /** The key of a RADIUS or TACACS+ server in IOS-XE's YANG models. */
    private static final Pattern YANG_KEY = Pattern.compile(
            "(?:\"encryption\"\\s?:\\s?\"?\\d\"?\\s?,\\s?\"key\"\\s?:\\s?\"|<encryption>\\d</encryption>\\s{0,32}<key>)(?<value>[^\"<\\n]{1,512}+)");
    /** Users of Kafka's PlainLoginModule. */
    private static final Pattern JAAS_USER =
            Pattern.compile("(?<=[\\s;\"])user_[\\w.-]{1,64}=\\\\?\"(?<value>[^\"\\\\\\n]{1,512}+)");

    /** Password hashes: crypt(3), the hashes of IOS, and {@code {SSHA}} of LDAP. Guesses can be verified against them. */
    private static final Pattern CRYPT = Pattern.compile(
            "\\$(?:1|2[abxy]?|5|6|7|8|9|14|y|gy|apr1|sha1|sha512|argon2(?:id|i|d)|pbkdf2[a-z0-9-]{0,12}+)\\$[./A-Za-z0-9$=,+-]{16,256}+");

    private static final Pattern LDAP = Pattern.compile(
            "\\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[-A-Z0-9]{0,12}|x-issha[^}\\s]{0,32})}[./A-Za-z0-9$=,+-]{8,512}+");

    @Override
    public void find(String text, Consumer<Span> found) {
        if (text.contains("eyJ")) {
            find(JWT, "jwt", text, found);
        }
        if (text.contains("encryption")) {
            find(YANG_KEY, "key-name", text, found);
        }
        if (text.contains("user_")) {
            find(JAAS_USER, "key-name", text, found);
        }
        find(CRYPT, "password-hash", text, found);
        find(LDAP, "password-hash", text, found);
        if (text.contains("%0")) {
            find(REGISTRATION, "registration-token", text, found);
        }
    }

    private static void find(Pattern shape, String rule, String text, Consumer<Span> found) {
        Matcher matcher = shape.matcher(text);
        while (matcher.find()) {
            boolean part = shape == YANG_KEY || shape == JAAS_USER;
            found.accept(new Span(
                    part ? matcher.start("value") : matcher.start(),
                    part ? matcher.end("value") : matcher.end(),
                    rule,
                    null));
        }
    }
}
