package io.licenserelay.web.server;

import java.time.Duration;

/**
 * The limits of a server.
 *
 * @param eventLoops threads that read and write
 * @param workers requests that work at the same time; others wait
 * @param connections open connections; further ones are closed at once
 * @param idle how long a connection may be silent
 * @param lineBytes the longest request line
 * @param headBytes the longest head of a request
 */
public record ServerLimits(int eventLoops, int workers, int connections, Duration idle, int lineBytes, int headBytes) {}
