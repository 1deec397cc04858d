package io.licenserelay.config.secret;

import io.licenserelay.config.yaml.BadValue;
import io.licenserelay.config.yaml.TextValues;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Creates secrets from their sources, {@code env:NAME} or {@code file:PATH}. */
public final class Secrets {
    static final int MAX_BYTES = 64 * 1024;
    private static final Pattern SOURCE = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)|file:(.+)");
    private static final String FIX = "write env:NAME or file:PATH";

    private final Map<String, String> environment;

    /** Each secret reads the environment again when it is revealed. */
    public Secrets(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * A secret whose value is not read yet.
     *
     * @throws IllegalArgumentException when the source has another form; the message does not contain it, because it may be the secret
     *     itself
     */
    public Secret from(String source) {
        try {
            return parse(source);
        } catch (BadValue e) {
            throw new IllegalArgumentException(e.reason() + "; " + e.fix());
        }
    }

    /** A secret whose value was read once as a check. */
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
            throw new BadValue("the configuration must not contain the secret itself", FIX);
        }
        String variable = matcher.group(1);
        return variable != null
                ? new EnvironmentSecret(variable, environment)
                : new FileSecret(matcher.group(2), TextValues.path(matcher.group(2)));
    }
}
