package io.licenserelay.demo;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.text.WireNamed;
import java.util.Map;
import java.util.Set;

/** Parses {@code id:env:NAME[:grant]}. The secret comes from an environment variable, never from the command line. */
final class ClientOption {
    private static final String USAGE = "write ID:env:NAME or ID:env:NAME:password";

    private ClientOption() {}

    /** @throws IllegalArgumentException if the form is wrong or the variable is not set; the message contains the fix */
    static ApiClient parse(String value, Map<String, String> environment) {
        String[] parts = value.split(":", -1);
        boolean wellFormed = (parts.length == 3 || parts.length == 4) && parts[1].equals("env") && !parts[0].isEmpty();
        if (!wellFormed) {
            // The text may be the secret itself, so the message does not repeat it.
            throw new IllegalArgumentException("the client has the wrong form; " + USAGE);
        }
        String secret = environment.get(parts[2]);
        if (secret == null || secret.isEmpty()) {
            throw new IllegalArgumentException("the variable " + parts[2] + " of client " + parts[0] + " is not set");
        }
        return new ApiClient(parts[0], secret, grants(parts.length == 4 ? parts[3] : ""), null, Set.of());
    }

    /** Exactly one grant, because SSM registers a client for one. */
    private static Set<Grant> grants(String name) {
        if (name.isEmpty()) {
            return Set.of(Grant.CLIENT_CREDENTIALS);
        }
        return Set.of(WireNamed.find(Grant.class, name)
                .orElseThrow(() -> new IllegalArgumentException("unknown grant \"" + name + "\"; " + USAGE)));
    }
}
