package io.licenserelay.cluster.ownership;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code site_owner}.
 *
 * @param node null while no node owns the key
 */
public record OwnerRow(String key, @Nullable String node, long epoch) {}
