package io.licenserelay.demo;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Generates a site for {@code relay.yaml} that connects to a simulated SSM. */
final class SiteText {
    private SiteText() {}

    /**
     * The lines of the site. They refer to the secret's environment variable and do not contain the secret.
     *
     * @param client as given on the command line
     * @param ca the file with the CA certificate, or null if none is written
     */
    static List<String> of(SsmSimulator ssm, String client, List<String> users, @Nullable Path ca) {
        String[] parts = client.split(":", -1);
        List<String> lines = new ArrayList<>(List.of(
                "sites:",
                "  - name: simulated",
                "    ssm:",
                "      url: " + ssm.url(),
                "      client: { id: \"" + parts[0] + "\", secret: env:" + parts[2] + " }",
                "      trust: " + (ca == null ? "ssm-ca.pem" : ca.toAbsolutePath())));
        if (parts.length == 4) {
            lines.add("      grant: " + parts[3]);
        }
        boolean password = parts.length == 4 && parts[3].equals(Grant.PASSWORD.wireName());
        if (password && users.isEmpty()) {
            lines.add("      # The password grant requires a user: start simulate also with --user NAME:env:NAME.");
        } else if (password) {
            String[] user = users.get(0).split(":", -1);
            lines.add("      user: { name: \"" + user[0] + "\", password: env:" + user[2] + " }");
        }
        return lines;
    }
}
