package io.licenserelay.inventory;

import org.jspecify.annotations.Nullable;

/**
 * A virtual account of a Smart Account.
 *
 * @param id SSM's own number for it, as text
 */
public record VirtualAccount(String name, @Nullable String id, boolean isDefault) {}
