package io.licenserelay.cli.setup;

import io.licenserelay.cli.common.CommandErrors;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Parses the address of a server on the command line. */
final class ServerAddress {
    private ServerAddress() {}

    /** Returns {@code https://host:port}. The scheme {@code https://} may be omitted in the argument. */
    static URI of(String typed) throws CommandErrors.Refusal {
        String whole = typed.contains("://") ? typed : "https://" + typed;
        try {
            URI url = new URI(whole);
            if ("https".equals(url.getScheme()) && url.getHost() != null && url.getUserInfo() == null) {
                return new URI("https", null, url.getHost(), url.getPort(), null, null, null);
            }
        } catch (URISyntaxException e) {
            throw invalidAddress("the URL cannot be read: " + e.getReason());
        }
        throw invalidAddress("the URL needs https and a host, and no user or password");
    }

    static void proxy(@Nullable URI proxy) throws CommandErrors.Refusal {
        if (proxy != null && (!"http".equals(proxy.getScheme()) || proxy.getHost() == null)) {
            throw CommandErrors.usage("--proxy must have the form of ssm.proxy: http://proxy.example.net:3128");
        }
    }

    /** {@code ssm.example.net:8443}. */
    static String authority(URI url) {
        return url.getHost() + ":" + (url.getPort() > 0 ? url.getPort() : 443);
    }

    private static CommandErrors.Refusal invalidAddress(String reason) {
        return CommandErrors.usage(reason + "; write it as in ssm.url: https://ssm.example.net:8443");
    }
}
