package io.licenserelay.config.secret;

import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.TextValues;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes secrets of their sources, {@code env:NAME} or {@code file:PATH}. */
public final class Secrets {
    static final int MOST_BYTES = 64 * 1024;
    private static final Pattern SOURCE = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)|file:(.+)");
    private static final String FIX = "name where it is: env:NAME or file:PATH";

    private final Map<String, String> environment;

    /** The environment is looked at anew whenever a secret is revealed. */
    public Secrets(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * A secret that is not read yet.
     *
     * @throws IllegalArgumentException when the source is neither; its message does not show it, it may be the secret itself
     */
    public Secret from(String source) {
        try {
            return parse(source);
        } catch (BadValue e) {
            throw new IllegalArgumentException(e.reason() + "; " + e.fix());
        }
    }

    /** A secret that can be read now. */
    public Secret readable(String source) throws BadValue {
        Secret secret = parse(source);
        try {
            Arrays.fill(secret.reveal(), '\0');
            return secret;
        } catch (SecretUnavailable e) {
            throw new BadValue(String.valueOf(e.getMessage()), "provide it before the relay starts");
        }
    }

    private Secret parse(String source) throws BadValue {
        Matcher matcher = SOURCE.matcher(source);
        if (!matcher.matches()) {
            throw new BadValue("a secret does not stand in the configuration itself", FIX);
        }
        String variable = matcher.group(1);
        return variable != null
                ? new EnvironmentSecret(variable, environment)
                : new FileSecret(matcher.group(2), TextValues.path(matcher.group(2)));
    }
}
