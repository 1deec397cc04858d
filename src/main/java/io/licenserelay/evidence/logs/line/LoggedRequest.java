package io.licenserelay.evidence.logs.line;

import org.jspecify.annotations.Nullable;

/**
 * What a line says of the HTTP request that it is about.
 *
 * @param client the address of the one who asked
 * @param path without query
 */
public record LoggedRequest(
        @Nullable String client,
        @Nullable String method,
        @Nullable String path) {}
