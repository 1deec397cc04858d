package io.licenserelay.simulator.manager;

import org.jspecify.annotations.Nullable;

/**
 * A request with a multipart body that a simulated Manager received: a sync request or the upload of an acknowledgement.
 *
 * @param path without its leading slash
 * @param data the content of the part {@code data}
 * @param fileName the file name of the part {@code name}; null if there is no such part
 * @param file the content of the part {@code name}, one character per byte; null if there is no such part
 */
public record ReceivedSync(
        String path,
        String data,
        @Nullable String fileName,
        @Nullable String file) {}
