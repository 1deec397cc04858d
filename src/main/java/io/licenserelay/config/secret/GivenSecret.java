package io.licenserelay.config.secret;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A password that is written in a setting itself, because Kafka's clients or Camel need it there. It is collected so that it can be
 * redacted.
 */
public record GivenSecret(String source, String value) implements Secret {
    private static final Pattern SECRET_KEY = Pattern.compile(
            "(?i).*(password|passphrase|secret|jaas|credential|accesskey|privatekey|apikey|keystore\\.key).*");
    private static final Pattern JAAS_PASSWORD =
            Pattern.compile("(?i)(?:password|secret)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s;\"]++))");

    /** Shorter values are common words; redacting them would damage ordinary text. */
    private static final int SHORTEST = 4;

    /** The secrets in a setting: none, the value itself, or the value and the passwords in its JAAS text. */
    public static List<Secret> among(String key, String value) {
        if (!SECRET_KEY.matcher(key).matches() || value.equals("true") || value.equals("false")) {
            return List.of();
        }
        Stream<String> inside = JAAS_PASSWORD
                .matcher(value)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1));
        return Stream.concat(Stream.of(value), inside)
                .filter(secret -> secret.length() >= SHORTEST)
                .<Secret>map(secret -> new GivenSecret(key, secret))
                .toList();
    }

    @Override
    public char[] reveal() {
        return value.toCharArray();
    }

    @Override
    public String toString() {
        return "***";
    }
}
