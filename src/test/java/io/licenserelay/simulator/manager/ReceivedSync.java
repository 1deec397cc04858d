package io.licenserelay.simulator.manager;

import org.jspecify.annotations.Nullable;

/**
 * A request to a simulated Manager that came with a multipart body: to sync, or with an acknowledgement.
 *
 * @param path without its leading slash
 * @param data the part of that name
 * @param fileName of the part {@code name}; null when there was none
 * @param file its content, a byte a character; null when there was none
 */
public record ReceivedSync(
        String path,
        String data,
        @Nullable String fileName,
        @Nullable String file) {}
