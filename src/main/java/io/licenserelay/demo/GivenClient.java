package io.licenserelay.demo;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.text.WireNamed;
import java.util.Map;
import java.util.Set;

/** Reads {@code id:env:NAME[:grant]}: a secret comes from an environment variable, never from the command line. */
final class GivenClient {
    private static final String FORM = "write ID:env:NAME or ID:env:NAME:password";

    private GivenClient() {}

    /** @throws IllegalArgumentException for another form, or a variable that is not set; the message tells the fix */
    static ApiClient parse(String given, Map<String, String> environment) {
        String[] parts = given.split(":", -1);
        boolean wellFormed = (parts.length == 3 || parts.length == 4) && parts[1].equals("env") && !parts[0].isEmpty();
        if (!wellFormed) {
            // What stands there may be the secret itself, so it is not repeated.
            throw new IllegalArgumentException("a client is not given like this; " + FORM);
        }
        String secret = environment.get(parts[2]);
        if (secret == null || secret.isEmpty()) {
            throw new IllegalArgumentException("the variable " + parts[2] + " of client " + parts[0] + " is not set");
        }
        return new ApiClient(parts[0], secret, grants(parts.length == 4 ? parts[3] : ""), null, Set.of());
    }

    /** As SSM registers it: for one grant. */
    private static Set<Grant> grants(String word) {
        if (word.isEmpty()) {
            return Set.of(Grant.CLIENT_CREDENTIALS);
        }
        return Set.of(WireNamed.find(Grant.class, word)
                .orElseThrow(() -> new IllegalArgumentException("no grant \"" + word + "\"; " + FORM)));
    }
}
