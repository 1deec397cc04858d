package io.licenserelay.config.secret;

import java.util.Map;

public record EnvironmentSecret(String variable, Map<String, String> environment) implements Secret {

    @Override
    public char[] reveal() {
        String value = environment.get(variable);
        if (value == null || value.isEmpty()) {
            throw new SecretUnavailable("environment variable " + variable + " is not set, or is empty");
        }
        if (value.length() > Secrets.MAX_BYTES) {
            throw new SecretUnavailable("environment variable " + variable + " is larger than 64 KiB");
        }
        return value.toCharArray();
    }

    @Override
    public String source() {
        return "env:" + variable;
    }

    @Override
    public String toString() {
        return "***";
    }
}
