package io.licenserelay.observe.server;

import io.vertx.core.http.HttpServerRequest;

/** The headers of every answer of the management server: no browser shows it as a page, keeps it, or loads anything for it. */
final class ManagementHeaders {
    private ManagementHeaders() {}

    static void into(HttpServerRequest request) {
        request.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store");
    }
}
