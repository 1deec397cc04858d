package io.licenserelay.config;

import java.nio.file.Path;

/**
 * Where a site was read from, and what it means.
 *
 * @param file {@code relay.yaml} or a file of {@code sites.d}, below the configuration folder
 * @param digest see {@link Configuration#digest}
 */
public record SiteOrigin(Path file, String digest) {}
