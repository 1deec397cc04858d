package io.licenserelay.evidence.logs.line;

import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that a log line describes.
 *
 * @param client the address of the client
 * @param path the path without query
 */
public record LoggedRequest(
        @Nullable String client,
        @Nullable String method,
        @Nullable String path) {}
