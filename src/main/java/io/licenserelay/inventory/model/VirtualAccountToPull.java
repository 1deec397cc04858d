package io.licenserelay.inventory.model;

import io.licenserelay.config.site.Place;

/**
 * A virtual account whose lists are to be pulled.
 *
 * @param account the one it belongs to
 * @param listed whether SSM still lists it
 */
public record VirtualAccountToPull(Account account, Place place, boolean listed) {}
