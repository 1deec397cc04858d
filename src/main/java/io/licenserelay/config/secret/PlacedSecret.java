package io.licenserelay.config.secret;

import org.jspecify.annotations.Nullable;

/**
 * A secret and its place in the configuration.
 *
 * @param site null for a secret of {@code application.properties}, and for that of {@code relay.store}
 * @param key the key within the site or within the file
 */
public record PlacedSecret(@Nullable String site, String key, Secret secret) {}
