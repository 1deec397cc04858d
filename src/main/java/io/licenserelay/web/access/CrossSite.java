package io.licenserelay.web.access;

import io.vertx.core.MultiMap;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests that a page of another site sent, as browsers report it: {@code Sec-Fetch-Site} (Fetch Metadata) and {@code Origin}. No
 * token in the pages is needed.
 */
final class CrossSite {
    private CrossSite() {}

    /**
     * Whether a request that changes something may be used.
     *
     * @param headers of the request
     * @param authority the host and port that the request was sent to
     * @param fromBrowser whether the proof of the user is of a kind that browsers add by themselves; then one of the headers is required
     */
    static boolean isSame(MultiMap headers, @Nullable HostAndPort authority, boolean fromBrowser) {
        String site = headers.get("Sec-Fetch-Site");
        String origin = headers.get("Origin");
        if (site != null) {
            // A page cannot set it. The origin does not count then: our own forms send "null", because pages keep their
            // address to themselves.
            return site.equals("same-origin");
        }
        return origin == null ? !fromBrowser : isOrigin(origin, authority);
    }

    /** The scheme is not compared: a proxy may have terminated TLS. */
    private static boolean isOrigin(String origin, @Nullable HostAndPort authority) {
        try {
            URI uri = URI.create(origin);
            return authority != null
                    && uri.getHost() != null
                    && uri.getHost()
                            .toLowerCase(Locale.ROOT)
                            .equals(authority.host().toLowerCase(Locale.ROOT))
                    && (authority.port() < 0 || uri.getPort() < 0 || uri.getPort() == authority.port());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
