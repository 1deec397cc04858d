package io.licenserelay.inventory;

import org.jspecify.annotations.Nullable;

/**
 * A Smart Account.
 *
 * @param id SSM's own number for it, as text
 * @param pathName what stands for it in paths: its name, or its domain in the cloud
 */
public record Account(String name, @Nullable String id, String pathName) {}
