package io.licenserelay.config.site;

import io.licenserelay.config.secret.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the relay sends traces.
 *
 * @param endpoint the address of a collector for OTLP over HTTP, with its path
 * @param headers header names with their secret values; only with https
 * @param trust PEM files as for an SSM; the JDK's CAs if empty
 */
public record TraceSettings(URI endpoint, Map<String, Secret> headers, List<Path> trust) {}
