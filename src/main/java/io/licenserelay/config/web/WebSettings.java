package io.licenserelay.config.web;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server of the API and the console.
 *
 * @param address the configured address; null for port 8470 of 127.0.0.1, or any free port if that one is in use
 * @param names the names under which browsers reach the server, besides the names of this machine's loopback address
 * @param users file with users and bcrypt hashes; null for none
 * @param operators the names of users that may request work; all other users only read
 * @param certificates null unless {@code tls} is {@link WebTls#OWN}
 * @param url the address of the console for people, without a trailing slash; null if it has none that other machines know
 */
public record WebSettings(
        WebServing serving,
        @Nullable ListenAddress address,
        List<String> names,
        @Nullable Path users,
        List<String> operators,
        WebTls tls,
        @Nullable CertificateFiles certificates,
        ProxySettings proxy,
        @Nullable String url) {
    /** The port if none is configured. */
    public static final int PORT = 8470;

    /** The server of a relay without any setting of it. */
    public static final WebSettings DEFAULT = new WebSettings(
            WebServing.ON,
            null,
            List.of(),
            null,
            List.of(),
            WebTls.NONE,
            null,
            new ProxySettings(List.of(), "X-Forwarded-User"),
            null);
}
