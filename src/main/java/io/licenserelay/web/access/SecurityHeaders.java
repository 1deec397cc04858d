package io.licenserelay.web.access;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/** The headers that every answer has, whatever its status. */
public final class SecurityHeaders {
    /** Scripts and styles come from this server alone; images may be part of the style sheet. */
    static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'self'; frame-ancestors 'none'";

    private SecurityHeaders() {}

    /** Sets the headers of the answer to a request. */
    public static void set(HttpServerRequest request) {
        MultiMap headers = request.response().headers();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        if (!headers.contains("Cache-Control")) {
            headers.set("Cache-Control", "no-store");
        }
        if (request.isSSL()) {
            headers.set("Strict-Transport-Security", "max-age=31536000");
        }
    }
}
