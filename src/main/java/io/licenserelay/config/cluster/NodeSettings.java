package io.licenserelay.config.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The block {@code relay} of {@code relay.yaml}.
 *
 * @param node the name of this relay among the relays that share one store: letters, digits and {@code . _ -}, at most 60 characters
 * @param store the shared PostgreSQL database; null for SQLite in the data folder, with one node
 */
public record NodeSettings(String node, @Nullable StoreSettings store) {}
