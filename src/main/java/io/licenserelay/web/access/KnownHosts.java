package io.licenserelay.web.access;

import io.vertx.core.net.HostAndPort;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host names under which the server answers. A page of another site can let its own name point to this machine; its requests then carry
 * that name.
 */
final class KnownHosts {
    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    KnownHosts(Iterable<String> more) {
        more.forEach(name -> names.add(bracketed(name)));
    }

    /** @param authority from the Host header of a request; null if it has none that is valid */
    boolean contains(@Nullable HostAndPort authority) {
        return authority != null && names.contains(bracketed(authority.host()));
    }

    private static String bracketed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains(":") && !lower.startsWith("[") ? '[' + lower + ']' : lower;
    }
}
