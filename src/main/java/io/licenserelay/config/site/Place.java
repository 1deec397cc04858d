package io.licenserelay.config.site;

import io.licenserelay.text.Sha256;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A location: a site, an account of a site, or a virtual account of an account.
 *
 * @param site the site's name as in {@code relay.yaml}, or {@link #RELAY} for the relay itself
 * @param account the Smart Account's name as SSM writes it
 * @param va the virtual account's name as SSM writes it; requires an account
 */
public record Place(
        String site, @Nullable String account, @Nullable String va) {

    /** The reserved site name for incidents of the relay itself (Kafka unreachable, disk full). */
    public static final String RELAY = "relay";

    public Place {
        if (va != null && account == null) {
            throw new IllegalArgumentException("virtual account " + va + " without an account");
        }
    }

    public static Place site(String site) {
        return new Place(site, null, null);
    }

    public static Place relay() {
        return site(RELAY);
    }

    public Place account(String name) {
        return new Place(site, name, null);
    }

    public Place va(String name) {
        return new Place(site, account, name);
    }

    /** The account that contains this place, or the site itself. */
    public Place parent() {
        return va != null ? new Place(site, account, null) : site(site);
    }

    /** {@code hq/ACME/Default} with percent-encoded segments: unambiguous, and usable in keys and paths. */
    public String path() {
        return segments().map(Place::encode).collect(Collectors.joining("/"));
    }

    /** A name as one segment of a path or key: percent-encoded, including slashes (RFC 3986). */
    public static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A stable number for database keys: the first 8 bytes of the path's SHA-256. */
    public long id() {
        return ByteBuffer.wrap(new Sha256().add(path()).bytes()).getLong();
    }

    /** The readable form {@code hq/ACME/Default}, without encoding. */
    @Override
    public String toString() {
        return segments().collect(Collectors.joining("/"));
    }

    private Stream<String> segments() {
        return Stream.of(site, account == null ? "" : account, va == null ? "" : va)
                .filter(segment -> !segment.isEmpty());
    }
}
