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
    private final boolean required;

    private Secrets(Map<String, String> environment, boolean required) {
        this.environment = environment;
        this.required = required;
    }

    /** Secrets that must be readable now. Each secret reads the environment again when it is revealed. */
    public static Secrets required(Map<String, String> environment) {
        return new Secrets(environment, true);
    }

    /** Secrets that may not exist yet. */
    public static Secrets expected() {
        return new Secrets(Map.of(), false);
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

    /** A secret of the configuration. If secrets are required, its value is read once as a check. */
    public Secret configured(String source) throws BadValue {
        Secret secret = parse(source);
        if (!required) {
            return secret;
        }
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
